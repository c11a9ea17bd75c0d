"""Who may use what a model needs where it is served."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mlflow.models.resources import written

if TYPE_CHECKING:
    from mlflow.models.resources import Resource


@dataclass
class UserAuthPolicy:
    """What is done in the name of the user.

    Attributes:
        api_scopes: The scopes of the interfaces that are called.
    """

    api_scopes: list[str]

    def to_dict(self) -> dict[str, Any]:
        """Return it as it is written to MLmodel."""
        return {"api_scopes": self.api_scopes}


@dataclass
class SystemAuthPolicy:
    """What is done in the name of the system.

    Attributes:
        resources: What is used.
    """

    resources: list[Resource]

    def to_dict(self) -> dict[str, Any]:
        """Return it as it is written to MLmodel."""
        return {"resources": written(self.resources)}


@dataclass
class AuthPolicy:
    """Both policies of a model.

    Attributes:
        user_auth_policy: What is done in the name of the user.
        system_auth_policy: What is done in the name of the system.
    """

    user_auth_policy: UserAuthPolicy | None = None
    system_auth_policy: SystemAuthPolicy | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as it is written to MLmodel."""
        system, user = self.system_auth_policy, self.user_auth_policy
        return {
            "system_auth_policy": system.to_dict() if system else {},
            "user_auth_policy": user.to_dict() if user else {},
        }
