"""What each operation must answer to whom. Invariant: every operation of the public API stands in exactly one table.

``OWNER`` stands for the village whose things they are. A witness is somebody who may see them: the same request that
tells a stranger nothing must show the witness the village's words, or it would have shown nothing at all.
"""

from collections.abc import Mapping

OWNER = "the owner"

HIDDEN: Mapping[str, tuple[str, ...]] = {
    "get_letter": (OWNER,),
    "get_letter_file": (OWNER,),
    "get_letter_file_copies": (OWNER,),
    "get_letter_file_page": (OWNER,),
    "get_letter_file_normalised": (OWNER,),
    "get_letter_file_text": (OWNER,),
    "suggest_for_letter_file": (OWNER,),
    "list_letter_corrections": (OWNER,),
    "get_scan": (OWNER,),
    "get_scan_file": (OWNER,),
    "get_scan_copies": (OWNER,),
    "get_scan_page": (OWNER,),
    "suggest_for_scan": (OWNER,),
    "get_draft": (OWNER,),
    "get_batch": (OWNER,),
    "get_batch_page": (OWNER,),
    "read_book": (OWNER,),
    "print_book": (OWNER,),
    "export_book": (OWNER,),
    "list_dispatches": (OWNER,),
    "print_dispatches": (OWNER,),
    "export_dispatches": (OWNER,),
    "track_letter": (OWNER,),
    "print_receipt": (OWNER,),
    "propose_further_addressees": (OWNER,),
    "list_letter_dispositions": ("bupati",),
    "get_disposition": ("bupati",),
    "print_disposition_sheet": ("bupati",),
    "get_disposition_attachment": ("bupati",),
    "get_hand_over": (OWNER,),
    "list_disposition_candidates": ("kadis.pu",),
    "get_schedule_request": ("sespri",),
    "get_schedule_event": ("sespri",),
    "get_distribution_list": (OWNER,),
    "expand_distribution_list": (OWNER,),
    "get_absence": (OWNER,),
    "list_absence_history": (OWNER,),
}
"""Of a thing: 404 to a stranger, as if it were not there; shown to the witness."""

SILENT_HIDDEN = frozenset(
    {
        "propose_further_addressees",
        "expand_distribution_list",
        "list_disposition_candidates",
        "get_letter_file_copies",
        "get_letter_file_page",
        "get_scan_copies",
        "get_scan_page",
        "get_batch_page",
    }
)
"""Those of them that hold none of a letter's words; being answered shows the witness enough."""

ELSEWHERE: Mapping[str, frozenset[int]] = {
    "list_disposition_candidates": frozenset({403, 404, 409}),
    "get_scan_file": frozenset({404}),
    "get_scan_copies": frozenset({409}),
    "get_scan_page": frozenset({409}),
    "suggest_for_scan": frozenset({409}),
}
"""How the witness is answered of a thing that lies with somebody else, has left, or is not whole."""

WITHOUT: Mapping[str, int] = {
    "list_letter_dispositions": 15,
    "list_letter_corrections": 23,
    "get_scan_file": 1,
    "suggest_for_scan": 7,
}
"""Of how many of a village's things at most there is nothing to show: letters without a disposition, or correction."""

SAMPLED: Mapping[str, int] = {
    "print_receipt": 2,
    "print_disposition_sheet": 2,
    "get_letter_file_page": 1,
    "get_letter_file_normalised": 1,
    "get_letter_file_text": 1,
    "suggest_for_letter_file": 1,
}
"""Of how many a witness is shown it, where each costs time."""

LISTS: Mapping[str, str] = {
    "list_letters": OWNER,
    "search_letters": OWNER,
    "list_register": OWNER,
    "list_inbox": OWNER,
    "list_box": OWNER,
    "find_duplicate_letters": OWNER,
    "list_drafts": OWNER,
    "list_batches": OWNER,
    "list_outbox": OWNER,
    "list_notifications": OWNER,
    "list_distribution_lists": OWNER,
    "list_absences": OWNER,
    "list_dispositions": "kabid.bm",
    "list_schedule_requests": "sespri",
    "list_schedule_events": "sespri",
    "list_schedule_conflicts": "sespri",
}
"""Of one's own: a stranger's own list, without a trace of the other's things; the witness's with them."""

COUNTS = frozenset(
    {
        "count_boxes",
        "count_dispositions",
        "figure_steps",
        "figure_outcomes",
        "figure_backlog",
        "figure_adoption",
        "figure_report",
        "list_books",
        "get_storage_usage",
        "get_saved_pages",
        "print_separator_sheets",
    }
)
"""Numbers of one's own, and blank sheets; of another unit they are refused or nothing. They hold no words, so they are
compared."""

OF_UNITS: Mapping[str, str] = {"list_books": "items", "get_storage_usage": "rows", "get_saved_pages": "rows"}
"""Those of them whose rows name their unit: only one's own."""

GUARDED: Mapping[str, str] = {
    "list_letter_audit": "admin",
    "list_accounts": "admin",
    "get_account": "admin",
    "list_clients": "admin",
    "get_client": "admin",
    "list_client_keys": "admin",
    "list_client_secrets": "admin",
    "list_client_webhooks": "admin",
    "get_client_usage": "admin",
    "list_identity_audit": "admin",
    "export_identity_audit": "admin",
    "get_learned_model": "admin",
    "export_organisation": "admin",
    "get_import_workbook": "admin",
    "get_training": OWNER,
    "list_number_series": OWNER,
}
"""For offices of trust, or for a unit's own people alone: 403 to another village."""

EVERYBODYS = frozenset(
    {
        "who_am_i",
        "list_units",
        "get_unit",
        "list_unit_history",
        "list_positions",
        "get_position",
        "list_position_history",
        "show_holders",
        "show_availability",
        "list_people",
        "get_person",
        "list_person_history",
        "list_assignments",
        "get_assignment",
        "list_instructions",
        "list_quick_replies",
        "read_disposition_form",
        "read_disposition_peers",
        "read_calendar",
        "read_calendar_day",
        "read_deadline_rules",
        "list_routing_rules",
        "get_routing_rule",
        "list_routing_rule_changes",
        "get_figure_baseline",
        "list_templates",
        "get_template",
        "list_letter_kinds",
        "list_classifications",
        "list_classification_versions",
        "export_classifications",
        "show_regency_numbering",
        "show_unit_numbering",
    }
)
"""The regency's own: shown to every village alike, and nothing of any letter in it."""

STREAM = frozenset({"stream_notifications"})
"""Listened to while the other village's letters move."""

ADMINISTRATION = frozenset(
    {
        "create_account",
        "change_account",
        "make_one_time_password",
        "reset_second_factor",
        "create_client",
        "change_client",
        "create_client_key",
        "revoke_client_key",
        "create_client_secret",
        "revoke_client_secret",
        "create_client_webhook",
        "remove_client_webhook",
        "renew_webhook_secret",
        "try_client_webhook",
        "create_unit",
        "change_unit",
        "create_position",
        "change_position",
        "create_person",
        "change_person",
        "create_assignment",
        "end_assignment",
        "cancel_assignment",
        "import_organisation",
        "apply_template",
        "feed_absences",
        "decide_calendar_day",
        "undecide_calendar_day",
        "set_deadline_rules",
        "create_routing_rule",
        "change_routing_rule",
        "retire_routing_rule",
        "try_conditions",
        "try_routing_rule",
        "state_figure_baseline",
        "add_instruction",
        "change_instruction",
        "retire_instruction",
        "restore_instruction",
        "add_quick_reply",
        "change_quick_reply",
        "retire_quick_reply",
        "restore_quick_reply",
        "set_disposition_form",
        "set_disposition_peers",
        "add_letter_kind",
        "change_letter_kind",
        "import_classifications",
        "set_regency_numbering",
        "set_unit_numbering",
        "continue_number_series",
        "set_training",
    }
)
"""Changes of the regency's own: 403 to a village."""

ONES_OWN = frozenset({"list_my_sessions", "own_second_factor", "list_my_oidc_links"})
"""Of one's own way to sign in: every village sees its own alone."""

SESSIONS = frozenset(
    {
        "sign_in",
        "refresh_tokens",
        "sign_out",
        "get_client_token",
        "choose_password",
        "show_second_factor",
        "set_up_second_factor_first",
        "redeem_oidc_code",
        "change_own_password",
        "switch_position",
        "set_up_own_second_factor",
        "confirm_own_second_factor",
        "renew_own_recovery_codes",
        "remove_own_second_factor",
        "end_my_session",
        "end_my_other_sessions",
        "link_my_oidc_account",
        "unlink_my_oidc_account",
        "sign_out_of_oidc",
    }
)
"""Signing in and what belongs to it: it takes a secret or a session of one's own and knows no letters."""

OPEN = frozenset({"get_status", "list_oidc_providers", "start_oidc_sign_in", "finish_oidc_sign_in"})
"""Asked by whoever comes, without a token; nothing of any letter in it."""
