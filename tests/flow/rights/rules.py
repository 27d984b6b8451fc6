"""What each operation answers to whom, by rule. Invariant: every operation of the public API has exactly one rule.

``may`` are those who are let in, ``knows`` those who may know that the thing is there but not do this (403); to all
others it is not there (``otherwise``). Whoever lacks the door's ``scope`` is told so before anything is looked at
(403), and nobody gets anywhere without a token (401), but where the rule is ``OPEN``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.flow.rights.audiences import (
    ADMINISTRATOR,
    ALL,
    AUDITOR,
    HANDLERS_HERE,
    INSIDE,
    LEADERS_OFFICE,
    LEADERS_TIME,
    LETTER_OFFICES,
    OVERSEERS,
    PARTIES,
    READERS,
    SCOPES,
    SEATED,
    SECRET_READERS,
    SENDER,
    Audience,
    in_roles,
    those,
)
from tests.flow.rights.company import NOBODY

IN = 200
"""Stands for being let in: an answer, or a refusal that speaks of the request and not of the person."""


@dataclass(frozen=True)
class Rule:
    """Who is answered what. ``app`` is the family an app must have been given to read or to write."""

    may: Audience = ALL
    knows: Audience = frozenset()
    otherwise: int = 404
    scope: str | None = None
    open: bool = False
    also: frozenset[int] = field(default=frozenset())
    """What being let in may read like here, beside success: no learned model yet, nothing there of this sort."""

    def expected(self, name: str) -> int:
        """What somebody must be answered: 401, 403, 404, or ``IN``."""
        if self.open:
            return IN
        if name == NOBODY:
            return 401
        if self.scope and name not in SCOPES[self.scope]:
            return 403
        if name in self.may:
            return IN
        return 403 if name in self.knows else self.otherwise


EVERYBODY = Rule()
"""The regency's own, or the caller's own: everybody gets an answer, each of what is theirs."""
OPEN = Rule(open=True)
KEEPERS = Rule(ADMINISTRATOR, otherwise=403)
"""Who keeps the organisation."""
LETTER = Rule(READERS)
SECRET = Rule(SECRET_READERS)
REGISTERING = Rule(scope="letters:register")
"""One's own list, at a door that only those who register letters may knock at."""
OWN_PAPER = Rule(SENDER, scope="letters:register")
"""What the village has before it is a letter."""
OWN_LETTER = Rule(SENDER, knows=READERS, scope="letters:register")
BOOK = Rule(SENDER)
LIST = Rule(SENDER)
ABSENCE = Rule(SENDER | ADMINISTRATOR)
RULES = Rule(LETTER_OFFICES | in_roles("unit_admin", "auditor") | ADMINISTRATOR, otherwise=403, also=frozenset({404}))
FIGURES = Rule(
    in_roles("head", "secretary", "registrar", "unit_admin", "village_operator", "leader", "auditor")
    | ADMINISTRATOR
    | those("account.auditor"),
    otherwise=403,
)
FIGURES_OF_HERE = Rule(
    HANDLERS_HERE - those("here.archivist")
    | those("here.unit_admin", "regency.leader", "elsewhere.leader", "regency.auditor", "account.auditor")
    | ADMINISTRATOR,
    otherwise=403,
)
DISPOSITION = Rule(INSIDE)
REQUEST = Rule(LEADERS_OFFICE | those("regency.leader"))
CALENDAR = Rule(SEATED, otherwise=403)
OWN_UNIT = Rule(SENDER | ADMINISTRATOR, otherwise=403)

READS: Mapping[str, Rule] = {
    **dict.fromkeys(("get_letter", "track_letter", "get_letter_file", "get_letter_file_copies"), LETTER),
    **dict.fromkeys(("get_letter_file_page", "get_letter_file_normalised", "get_letter_file_text"), LETTER),
    **dict.fromkeys(("suggest_for_letter_file", "list_letter_corrections", "list_letter_dispositions"), LETTER),
    "get_letter#secret": SECRET,
    "track_letter#secret": SECRET,
    "print_receipt": Rule(SENDER, knows=READERS),
    "propose_further_addressees": Rule(SENDER | HANDLERS_HERE, knows=READERS),
    "list_disposition_candidates": Rule(
        those("here.head", "here.secretary"), knows=READERS, scope="dispositions:write"
    ),
    **dict.fromkeys(("get_scan", "get_scan_copies", "get_scan_page", "suggest_for_scan"), OWN_PAPER),
    "get_scan_file": BOOK,
    **dict.fromkeys(("get_draft", "get_batch", "get_batch_page", "get_upload_offset"), OWN_PAPER),
    **dict.fromkeys(("read_book", "print_book", "export_book"), BOOK),
    **dict.fromkeys(("list_dispatches", "print_dispatches", "export_dispatches"), BOOK),
    **dict.fromkeys(("get_disposition", "print_disposition_sheet", "get_disposition_attachment"), DISPOSITION),
    "get_hand_over": Rule(SENDER | those("district.head") | ADMINISTRATOR),
    "get_schedule_request": REQUEST,
    "get_schedule_event": Rule(REQUEST.may | SENDER | OVERSEERS | AUDITOR),
    **dict.fromkeys(("get_distribution_list", "expand_distribution_list"), LIST),
    **dict.fromkeys(("get_absence", "list_absence_history"), ABSENCE),
    **dict.fromkeys(("list_letters", "search_letters", "list_register", "list_inbox", "list_box"), EVERYBODY),
    **dict.fromkeys(("list_outbox", "list_notifications", "list_distribution_lists", "list_absences"), EVERYBODY),
    **dict.fromkeys(("list_dispositions", "list_schedule_requests", "count_boxes", "count_dispositions"), EVERYBODY),
    **dict.fromkeys(("list_books", "get_storage_usage", "get_saved_pages", "stream_notifications"), EVERYBODY),
    **dict.fromkeys(("find_duplicate_letters", "list_drafts", "list_batches"), REGISTERING),
    "print_separator_sheets": REGISTERING,
    "list_absences#person": Rule(SENDER | ADMINISTRATOR, otherwise=403),
    **dict.fromkeys(("list_schedule_events", "list_schedule_conflicts"), CALENDAR),
    **dict.fromkeys(("figure_steps", "figure_outcomes", "figure_backlog", "figure_adoption", "figure_report"), FIGURES),
    **{f"figure_{one}#unit": FIGURES_OF_HERE for one in ("steps", "outcomes", "backlog", "adoption", "report")},
    "get_figure_baseline": Rule(FIGURES.may, otherwise=403, also=frozenset({404})),
    "list_letter_audit": Rule(AUDITOR | ADMINISTRATOR | those("account.auditor"), otherwise=403),
    **dict.fromkeys(("list_accounts", "export_organisation", "get_import_workbook"), KEEPERS),
    "get_learned_model": Rule(OVERSEERS | AUDITOR | ADMINISTRATOR, otherwise=403, also=frozenset({404})),
    "get_training": OWN_UNIT,
    "list_number_series": OWN_UNIT,
    **dict.fromkeys(("list_routing_rules", "get_routing_rule", "list_routing_rule_changes"), RULES),
    **dict.fromkeys(("who_am_i", "list_units", "get_unit", "list_unit_history", "list_positions"), EVERYBODY),
    **dict.fromkeys(("get_position", "list_position_history", "show_holders", "show_availability"), EVERYBODY),
    **dict.fromkeys(("list_people", "get_person", "list_person_history", "list_assignments"), EVERYBODY),
    **dict.fromkeys(("get_assignment", "list_instructions", "list_quick_replies"), EVERYBODY),
    **dict.fromkeys(("read_disposition_form", "read_disposition_peers", "read_calendar"), EVERYBODY),
    **dict.fromkeys(("read_calendar_day", "read_deadline_rules", "list_templates", "get_template"), EVERYBODY),
    **dict.fromkeys(("list_letter_kinds", "list_classifications", "list_classification_versions"), EVERYBODY),
    **dict.fromkeys(("export_classifications", "show_regency_numbering", "show_unit_numbering"), EVERYBODY),
    "get_upload_abilities": EVERYBODY,
}
"""Of what is read. After ``#``: the same operation, asked of something that fewer may see."""

ON_BRANCH = Rule(HANDLERS_HERE, knows=READERS)
OWNER = Rule(those("here.head"), knows=INSIDE)
RECIPIENT = Rule(those("below.head"), knows=INSIDE)
PARTY = Rule(PARTIES, knows=INSIDE)
BESIDE = Rule(those("beside.head"), knows=READERS)
DECIDING = Rule(LEADERS_TIME, scope="schedule:decide")

ACTS: Mapping[str, Rule] = {
    **dict.fromkeys(("read_branch", "receive_branch", "redirect_branch", "reopen_branch"), ON_BRANCH),
    "forward_letter": Rule(SENDER | HANDLERS_HERE, knows=READERS),
    "file_branch": Rule(HANDLERS_HERE, knows=READERS | those("below.head")),
    "recall_branch": Rule(SENDER, knows=READERS),
    **dict.fromkeys(("return_branch", "close_branch"), BESIDE),
    "link_letters": Rule(SENDER | those("here.head", "here.registrar"), knows=OVERSEERS),
    "issue_disposition": Rule(those("here.head"), knows=READERS, scope="dispositions:write"),
    **dict.fromkeys(("recall_disposition", "amend_disposition_recipient"), OWNER),
    "add_disposition_recipients": Rule(OWNER.may, OWNER.knows, scope="dispositions:write"),
    **dict.fromkeys(("answer_disposition_question", "reopen_disposition_part"), OWNER),
    "hand_over_disposition_part": OWNER,
    **dict.fromkeys(("read_disposition", "receive_disposition", "report_disposition_progress"), RECIPIENT),
    **dict.fromkeys(("ask_about_disposition", "reply_to_disposition", "complete_disposition_part"), RECIPIENT),
    "decline_disposition": RECIPIENT,
    **dict.fromkeys(("comment_on_disposition", "bring_disposition_attachment"), PARTY),
    **dict.fromkeys(("approve_schedule_request", "decline_schedule_request"), DECIDING),
    "submit_schedule_request": Rule(READERS, scope="schedule:request"),
    "read_notification": Rule(SENDER),
    **dict.fromkeys(("change_distribution_list", "retire_distribution_list"), LIST),
    "create_distribution_list": Rule(SENDER, otherwise=403),
    "cancel_absence": ABSENCE,
    "declare_absence": OWN_UNIT,
    **dict.fromkeys(("keep_draft", "change_draft", "register_draft", "throw_draft_away", "begin_batch"), OWN_PAPER),
    **dict.fromkeys(("edit_batch", "reset_batch", "confirm_batch", "close_batch", "discard_scan"), OWN_PAPER),
    "preview_number": OWN_UNIT,
    **dict.fromkeys(("correct_letter", "void_letter"), OWN_LETTER),
}
"""Of what is done to a thing of the village's."""

BY_ITSELF: Mapping[str, Rule] = {
    "act_on_branches": EVERYBODY,
    **dict.fromkeys(("register_letter", "propose_addressees"), REGISTERING),
    "hand_over_work": Rule(
        SENDER | those("district.head", "above.head", "regency.leader") | ADMINISTRATOR, otherwise=403
    ),
    "create_upload": REGISTERING,
    **dict.fromkeys(("continue_upload", "end_upload"), OWN_PAPER),
    **dict.fromkeys(("verify_disposition_sheet", "track_publicly"), OPEN),
    **dict.fromkeys(("sign_in", "refresh_tokens", "sign_out"), OPEN),
}
"""Of what has a request of its own."""

_OF_APPS = ("keys", "secrets", "webhooks")
AUDIT = Rule(AUDITOR | ADMINISTRATOR | those("account.auditor"), otherwise=403)

AT_THE_GATEWAY: Mapping[str, Rule] = {
    **dict.fromkeys(("get_account", "change_account", "make_one_time_password", "reset_second_factor"), KEEPERS),
    **dict.fromkeys(("list_clients", "create_client", "get_client", "change_client", "get_client_usage"), KEEPERS),
    **dict.fromkeys((f"list_client_{one}" for one in _OF_APPS), KEEPERS),
    **dict.fromkeys((f"create_client_{one.removesuffix('s')}" for one in _OF_APPS), KEEPERS),
    **dict.fromkeys(("revoke_client_key", "revoke_client_secret", "remove_client_webhook"), KEEPERS),
    **dict.fromkeys(("renew_webhook_secret", "try_client_webhook"), KEEPERS),
    **dict.fromkeys(("list_identity_audit", "export_identity_audit"), AUDIT),
    **dict.fromkeys(("list_my_sessions", "end_my_other_sessions", "end_my_session", "switch_position"), EVERYBODY),
    **dict.fromkeys(("list_my_oidc_links", "link_my_oidc_account", "unlink_my_oidc_account"), EVERYBODY),
    **dict.fromkeys(("sign_out_of_oidc", "change_own_password", "own_second_factor"), EVERYBODY),
    **dict.fromkeys(("set_up_own_second_factor", "confirm_own_second_factor"), EVERYBODY),
    **dict.fromkeys(("renew_own_recovery_codes", "remove_own_second_factor"), EVERYBODY),
    **dict.fromkeys(("get_client_token", "choose_password", "show_second_factor", "set_up_second_factor_first"), OPEN),
    **dict.fromkeys(("list_oidc_providers", "start_oidc_sign_in", "finish_oidc_sign_in", "redeem_oidc_code"), OPEN),
    "get_status": OPEN,
}
"""Of what the gateway answers itself, beside what has another rule."""
