"""Something happened to a disposition: where the letter is, who must act and who may read it follow from that."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts import disposition as d
from services.routing.commands.follow_letter import follow_letter
from services.routing.context import Context

News = (
    d.DispositionIssued
    | d.DispositionRead
    | d.DispositionReceived
    | d.DispositionReplied
    | d.DispositionProgressed
    | d.DispositionDeclined
    | d.DispositionCommented
    | d.DispositionRecalled
    | d.RecipientAdded
    | d.RecipientAmended
    | d.RecipientReopened
    | d.WorkHandedOver
    | d.ResponsibleChanged
    | d.DispositionDeadlinePassed
)


async def on_disposition_news(context: Context, event: News, got: Received, tx: Transaction) -> None:
    """Follow it, whatever it is."""
    await follow_letter(context, tx, event.letter_id, event, got)
