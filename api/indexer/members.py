# SPDX-License-Identifier: MIT
"""Events of the registry and the oversight → rows."""

from api.indexer.rows import Page
from api.tables import chain
from wattbook.chain.abi import Event


class Members:
    """Areas, accounts, admissions, points; terms, connections, halts, voids."""

    def __init__(self, page: Page, book: str) -> None:
        self._page = page
        self._book = book

    def area_opened(self, event: Event) -> None:
        given = event.arguments
        self._page.add(
            chain.areas,
            event.log,
            area=given["area"],
            backstop_owner=given["backstopOwner"],
            fee_owner=given["feeOwner"],
        )

    def participant_admitted(self, event: Event) -> None:
        given = event.arguments
        self._page.add(
            chain.admissions,
            event.log,
            number=str(given["number"]),
            participant=given["participant"],
            account=given["account"],
            first_period=given["firstPeriod"],
        )

    def admission_revoked(self, event: Event) -> None:
        given = event.arguments
        self._page.add(chain.revocations, event.log, number=str(given["number"]), account=given["account"])

    def account_opened(self, event: Event) -> None:
        given = event.arguments
        self._page.add(chain.accounts, event.log, account=given["account"], owner=given["owner"])
        self.rights_changed(event)

    def rights_changed(self, event: Event) -> None:
        given = event.arguments
        self._page.add(
            chain.rights,
            event.log,
            account=given["account"],
            buyer=given["buyer"],
            seller=given["seller"],
        )

    def point_registered(self, event: Event) -> None:
        data = event.arguments["data"]
        self._page.add(
            chain.points,
            event.log,
            point=event.arguments["point"],
            account=event.arguments["account"],
            carrier=data["carrier"],
            max_import_wh=data["maxImportWh"],
            max_export_wh=data["maxExportWh"],
            default_import_wh=data["defaultImportWh"],
            resolution_wh=data["resolutionWh"],
            gateway=data["gateway"],
            first_period=data["firstPeriod"],
        )
        self._page.flush()

    def terms_scheduled(self, event: Event) -> None:
        given, terms = event.arguments, event.arguments["terms"]
        self._page.add(
            chain.terms,
            event.log,
            area=given["area"],
            carrier=given["carrier"],
            from_period=given["fromPeriod"],
            retail_ticks=terms["retailTicks"],
            feed_in_ticks=terms["feedInTicks"],
            levy_buy_ticks=terms["levyBuyTicks"],
            levy_sell_ticks=terms["levySellTicks"],
            export_capacity_wh=terms["exportCapacityWh"],
            inbound_capacity_wh=terms["inboundCapacityWh"],
            share_cap_wh=terms["shareCapWh"],
        )

    def connection_scheduled(self, event: Event) -> None:
        given, connection = event.arguments, event.arguments["connection"]
        self._page.add(
            chain.connections,
            event.log,
            source=given["from"],
            target=given["to"],
            carrier=given["carrier"],
            from_period=given["fromPeriod"],
            fee_ticks=connection["feeTicks"],
            capacity_wh=connection["capacityWh"],
        )
        self._page.flush()

    def trading_halted(self, event: Event) -> None:
        self._halt(event, event.arguments["until"])

    def trading_resumed(self, event: Event) -> None:
        self._halt(event, 0)

    def _halt(self, event: Event, until: int) -> None:
        given = event.arguments
        values = {
            "area": given["area"],
            "carrier": given["carrier"],
            "until": until,
            "reason": given["reason"],
        }
        self._page.add(chain.halts, event.log, venue=given["venue"], **values)
        if given["venue"] == self._book:
            self._page.say(event.log, "halt", values)

    def market_voided(self, event: Event) -> None:
        given = event.arguments
        market, reason = given["market"], given["reason"]
        self._page.add(chain.voids, event.log, venue=given["venue"], market=market, reason=reason)
        if given["venue"] == self._book:
            self._page.say(event.log, "void", {"reason": reason}, market=market, area=market >> 40)
