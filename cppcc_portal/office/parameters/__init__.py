"""Settings that the office itself changes: defined in code with default, bounds and help, kept as
rows with every earlier value.

Each process keeps all values for a few seconds, so that most requests ask nothing of the database
and a change made elsewhere is seen almost at once.
"""

from cppcc_portal.office.parameters import portal
from cppcc_portal.office.parameters.values import (
    DEFINITIONS,
    Definition,
    Kind,
    Parameter,
    ParameterRefused,
    ParameterVersion,
    Shown,
    all_parameters,
    define,
    forget,
    get,
    set_parameter,
)

__all__ = [
    "DEFINITIONS",
    "Definition",
    "Kind",
    "Parameter",
    "ParameterRefused",
    "ParameterVersion",
    "Shown",
    "all_parameters",
    "define",
    "forget",
    "get",
    "set_parameter",
    "portal",
]
