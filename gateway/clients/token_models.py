"""What an app gets for its secret. Invariant: the members are those of RFC 6749, section 5.1."""

from pydantic import BaseModel, ConfigDict, Field


class ClientToken(BaseModel):
    """A token for an app; `scope` are the grants it is good for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "access_token": "lontarapp_eyJhbGciOiJFZDI1NTE5…",
                    "token_type": "Bearer",
                    "expires_in": 600,
                    "scope": "letters:read letters:write",
                }
            ]
        }
    )

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the name of a scheme
    expires_in: int = Field(description="Seconds the token lives; there is no refresh token, the secret gets the next.")
    scope: str
