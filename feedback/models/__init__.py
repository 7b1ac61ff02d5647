from feedback.models.adoptions import (
    Adoption,
    AdoptionChange,
    AdoptionGroupPermission,
    ProgressReport,
)
from feedback.models.lookbacks import (
    LookBack,
    LookBackChange,
    LookBackChecker,
    LookBackFinding,
    LookBackYear,
)

__all__ = [
    "Adoption",
    "AdoptionChange",
    "AdoptionGroupPermission",
    "LookBack",
    "LookBackChange",
    "LookBackChecker",
    "LookBackFinding",
    "LookBackYear",
    "ProgressReport",
]
