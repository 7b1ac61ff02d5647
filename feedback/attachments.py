"""Who may fetch a file of a recommendation's answer: whoever sees the answer."""

from typing import Any

from cppcc_portal.office.files import readable
from feedback.models import Adoption, LookBack


@readable("feedback.adoption")
def of_adoption(user: Any, pk: int) -> bool:
    return Adoption.objects.visible_to(user).filter(pk=pk).exists()


@readable("feedback.lookback")
def of_look_back(user: Any, pk: int) -> bool:
    return LookBack.objects.visible_to(user).filter(pk=pk).exists()
