"""The route table: every address of the public API leads to one service."""

import pytest

from gateway.routes import ROUTES, RouteTable

TABLE = RouteTable()


@pytest.mark.parametrize(
    ("path", "upstream"),
    [
        ("/v1/letters/7", "intake"),
        ("/v1/letters/7/files/8", "intake"),
        ("/v1/register", "intake"),
        ("/v1/uploads", "intake"),
        ("/v1/uploads/7", "intake"),
        ("/v1/scans/7/file", "intake"),
        ("/v1/drafts/7/register", "intake"),
        ("/v1/batches/7/pages/8", "intake"),
        ("/v1/separator-sheets.pdf", "intake"),
        ("/v1/books/7/2026/masuk.pdf", "intake"),
        ("/v1/dispatches/7.xlsx", "intake"),
        ("/v1/number-templates/7/series/2026/external", "intake"),
        ("/v1/letter-kinds/nota_dinas", "intake"),
        ("/v1/classifications/export.xlsx", "intake"),
        ("/v1/training/7", "intake"),
        ("/v1/storage/usage", "intake"),
        ("/v1/letters/duplicates", "intake"),
        ("/v1/letters/7/void", "intake"),
        ("/v1/letters/7/files/8/pages/9", "intake"),
        ("/v1/letters/7/track", "routing"),
        ("/v1/letters/7/track/more", "intake"),
        ("/v1/letters/7/history", "routing"),
        ("/v1/letters/7/proposals", "routing"),
        ("/v1/letters/7/forward", "routing"),
        ("/v1/letters/7/links", "routing"),
        ("/v1/letters/7/receipt.pdf", "routing"),
        ("/v1/letters/7/dispositions", "disposition"),
        ("/v1/inbox", "routing"),
        ("/v1/boxes/overdue/counts", "routing"),
        ("/v1/search", "routing"),
        ("/v1/branches/7/read", "routing"),
        ("/v1/units", "routing"),
        ("/v1/assignments/7/end", "routing"),
        ("/v1/absences/7", "routing"),
        ("/v1/organisation/import", "routing"),
        ("/v1/organisation/templates", "routing"),
        ("/v1/distribution-lists/7", "routing"),
        ("/v1/routing-rules/7", "routing"),
        ("/v1/proposals/7/accept", "routing"),
        ("/v1/calendar/2026", "routing"),
        ("/v1/deadline-rules", "routing"),
        ("/v1/figures/adoption.xlsx", "routing"),
        ("/v1/audit", "routing"),
        ("/v1/public/track/7K3M-Q2XD-9FJR", "routing"),
        ("/v1/letters/7/disposition-candidates", "disposition"),
        ("/v1/dispositions", "disposition"),
        ("/v1/dispositions/counts", "disposition"),
        ("/v1/dispositions/hand-over", "disposition"),
        ("/v1/dispositions/7/attachments", "disposition"),
        ("/v1/dispositions/7/attachments/8", "disposition"),
        ("/v1/dispositions/7/recipients/8/reply", "disposition"),
        ("/v1/dispositions/7/sheet.pdf", "disposition"),
        ("/v1/disposition-peers/7", "disposition"),
        ("/v1/disposition-form", "disposition"),
        ("/v1/instructions", "disposition"),
        ("/v1/instructions/lainnya/retire", "disposition"),
        ("/v1/quick-replies/siap", "disposition"),
        ("/v1/public/dispositions/verify", "disposition"),
        ("/v1/schedule/requests/7/approve", "schedule"),
        ("/v1/notifications/stream", "notify"),
        ("/v1/auth/token", "gateway"),
        ("/v1/me", "gateway"),
        ("/v1/me/sessions/7", "gateway"),
        ("/v1/audit/identity", "gateway"),
        ("/v1/status", "gateway"),
        ("/status", "gateway"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "BREW"])
def test_the_way_of_an_address_whatever_the_method(path: str, method: str, upstream: str) -> None:
    route = TABLE.match(path.encode(), method)
    assert route
    assert route.upstream == upstream
    assert route.takes(method)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/v1",
        "/v1/",
        "/v1/letters/",
        "/v2/letters",
        "/v1/lettersx",
        "/metrics",
        "/status/",
        "/status/style.css",
        "/v1/register/7",
        "/v1/public",
        "/v1/public/tracks",
        "/v1/public/dispositions",
        "/v1/public/dispositions/7",
        "/v1/public/dispositions/verify/7",
    ],
)
def test_what_leads_to_no_service(path: str) -> None:
    assert TABLE.match(path.encode()) is None


@pytest.mark.parametrize(
    ("method", "upstream", "body"),
    [("GET", "routing", "document"), ("HEAD", "routing", "document"), ("POST", "intake", "scan")],
)
def test_letters_are_listed_by_routing_and_registered_at_intake(method: str, upstream: str, body: str) -> None:
    route = TABLE.match(b"/v1/letters", method)
    assert route
    assert (route.upstream, route.body) == (upstream, body)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "get"])
def test_a_method_that_no_service_takes_is_told_those_that_one_does(method: str) -> None:
    route = TABLE.match(b"/v1/letters", method)
    assert route
    assert not route.takes(method)
    assert TABLE.methods(b"/v1/letters") == ["GET", "HEAD", "POST"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/letters", "scan"),
        ("/v1/letters/7", "document"),
        ("/v1/uploads", "upload"),
        ("/v1/uploads/7", "upload"),
        ("/v1/scans/7", "document"),
        ("/v1/organisation/import", "sheet"),
        ("/v1/organisation/import/7", "document"),
        ("/v1/classifications/import", "sheet"),
        ("/v1/classifications", "document"),
        ("/v1/drafts", "document"),
        ("/v1/batches", "document"),
        ("/v1/dispositions/7/attachments", "attachment"),
        ("/v1/dispositions/7/attachments/8", "document"),
        ("/v1/dispositions/7/comments", "document"),
    ],
)
def test_only_where_files_are_brought_is_more_taken_than_a_document(path: str, body: str) -> None:
    route = TABLE.match(path.encode(), "POST")
    assert route
    assert route.body == body


def test_from_strangers_no_more_than_a_form_is_taken() -> None:
    assert {row.body for row in ROUTES if row.open} == {"form"}


@pytest.mark.parametrize(
    ("path", "is_open"),
    [
        ("/v1/public/track", True),
        ("/v1/public/dispositions/verify", True),
        ("/v1/dispositions/verify", False),
        ("/v1/auth/token", True),
        ("/v1/status", True),
        ("/status", True),
        ("/v1/me", False),
        ("/v1/accounts", False),
        ("/v1/clients", False),
        ("/v1/audit/identity", False),
        ("/v1/letters", False),
        ("/v1/audit", False),
    ],
)
def test_only_what_is_public_is_open(path: str, is_open: bool) -> None:
    route = TABLE.match(path.encode())
    assert route
    assert route.open is is_open
