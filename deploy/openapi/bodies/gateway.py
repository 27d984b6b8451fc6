"""Signing in, accounts, apps."""

from typing import Any

from deploy.openapi.bodies.things import OPERATOR

JSON_BODIES: dict[str, Any] = {
    "sign_in": {"username": "desa.sekartaji", "password": "perahu-menuju-nusa-penida"},
    "refresh_tokens": {"refresh_token": "9Qb1m7S0eJt3Rk5Xw2Zc8Vn4Lp6Ty0Ha1Uf3Gd5Ki7M"},
    "sign_out": {"refresh_token": "9Qb1m7S0eJt3Rk5Xw2Zc8Vn4Lp6Ty0Ha1Uf3Gd5Ki7M"},
    "create_account": {
        "username": "operator.sekartaji",
        "password": "perahu-menuju-nusa-penida",
        "person_id": OPERATOR.person_id,
        "name": OPERATOR.person,
        "roles": [],
    },
}
