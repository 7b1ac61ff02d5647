"""From a read roster to rows of the register: compared, asked, shown, written in one transaction."""
