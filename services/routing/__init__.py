"""Routing: the organisation, and where each letter is.

Owns: units, positions, people, assignments, absences and their history; each letter's history, and what follows from
it: branches, boxes, the control list, the track, who may read; deadlines on working days; distribution lists, rules and
suggestions; the search; figures; the record of readings and refusals.
Publishes: routing.unit|position|assignment|absence.changed; routing.day.decided;
routing.letter.delivered|forwarded|linked|completed; routing.access.changed;
routing.branch.read|received|returned|redirected|recalled|closed|reopened|filed;
routing.deadline.neared|passed.
Consumes: intake.letter.registered|corrected|voided, intake.scan.processed|parked, intake.confidential.opened,
intake.reading.refused;
everything that is told of dispositions but reminders (disposition.disposition.*, disposition.recipient.*,
disposition.work.handed_over, disposition.responsible.changed, disposition.deadline.passed);
schedule.request.submitted|approved|declined.
Invariant: who has a letter now is derived from its branches, and these are folded from its history; neither is set.

Beside the rooms lie the parts a Context is put together from, each with its stores: ``registry`` (the organisation),
``working_time`` (calendar and deadlines), ``front_desk`` (receipts and the public), ``guidance`` (lists, rules,
suggestions), ``searching`` and ``figure_room``; and two programs: ``rebuild`` and ``learner``.
"""
