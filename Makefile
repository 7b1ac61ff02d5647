# Every target is a task of tasks.py, which needs nothing but Python 3.11 to 3.13 with pip.
PYTHON ?= python3
TASKS = help setup demo run test check fix migrations messages bench faults tally

.DEFAULT_GOAL := help
.PHONY: $(TASKS)

$(TASKS):
	@$(PYTHON) tasks.py $@
