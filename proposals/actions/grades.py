"""What a rating says in the office's own grades, with their words and meaning on the day."""

from typing import Any

from proposals.models import RatingGrade


def graded(attitude: str, result: str) -> dict[str, Any]:
    """Both halves as they are written to the row; a grade that is not in use has no words and is not whole."""
    known = {grade.code: grade for grade in RatingGrade.objects.filter(active=True)}
    given = [known.get(attitude), known.get(result)]
    return {
        "attitude": attitude,
        "result": result,
        "attitude_name": given[0].name if given[0] else "",
        "result_name": given[1].name if given[1] else "",
        "is_dissatisfied": any(grade.needs_reason for grade in given if grade),
    }
