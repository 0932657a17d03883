// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGridOversight} from "../interfaces/IGridOversight.sol";
import {ConnectionWord} from "../types/ConnectionWord.sol";
import {Terms} from "../types/Terms.sol";
import {TermsWord} from "../types/TermsWord.sol";
import {Ahead, Foresight} from "./Foresight.sol";

/// The areas that a carrier's connections join, as their schedules say for one period.
struct Network {
    uint8[] areas;
    uint16[] connections; // from << 8 | to
    Ahead[] terms; // of `areas`
    Ahead[] links; // of `connections`
}

/// What must hold in every period: no money pump, and every inbound Wh covered by its area's guarantee.
library Networks {
    using Foresight for Ahead[];

    function nextChange(Network memory self) internal pure returns (uint32) {
        return self.links.nextChange(self.terms.nextChange(Foresight.NEVER));
    }

    function goTo(Network memory self, uint32 period) internal pure {
        self.terms.goTo(period);
        self.links.goTo(period);
    }

    function requireSound(Network memory self, uint8 carrier, uint32 period) internal pure {
        (bool open, uint256 feeTicks) = _leastFee(self);
        if (!open) return;
        (uint256 retailTicks, uint256 feedInTicks) = (type(uint256).max, 0);
        for (uint256 i; i < self.areas.length; ++i) {
            if (self.terms[i].value == 0) continue; // joined later
            Terms memory terms = TermsWord.wrap(self.terms[i].value).unpack();
            if (terms.retailTicks < retailTicks) retailTicks = terms.retailTicks;
            if (terms.feedInTicks > feedInTicks) feedInTicks = terms.feedInTicks;
            uint256 inboundWh = _inboundOf(self, self.areas[i]);
            if (inboundWh > terms.inboundCapacityWh) {
                revert IGridOversight.InboundAboveCapacity(self.areas[i], period, inboundWh, terms.inboundCapacityWh);
            }
        }
        if (feedInTicks > retailTicks + feeTicks) {
            revert IGridOversight.MoneyPump(carrier, period, feedInTicks, retailTicks, feeTicks);
        }
    }

    /// The least that a Wh pays on its way from one area to another, directly or through others; `open` if any can flow. What
    /// flows one way is sold there or bought from there, so either direction's fee may be the one paid.
    function _leastFee(Network memory self) private pure returns (bool open, uint256 feeTicks) {
        feeTicks = type(uint256).max;
        for (uint256 i; i < self.connections.length; ++i) {
            ConnectionWord link = ConnectionWord.wrap(self.links[i].value);
            if (link.capacityWh() == 0) continue;
            open = true;
            if (link.feeTicks() < feeTicks) feeTicks = link.feeTicks();
            ConnectionWord back = _reverse(self, self.connections[i]);
            if (back.isConnected() && back.feeTicks() < feeTicks) feeTicks = back.feeTicks();
        }
    }

    function _reverse(Network memory self, uint256 fromTo) private pure returns (ConnectionWord) {
        uint256 toFrom = ((fromTo & 0xff) << 8) | (fromTo >> 8);
        for (uint256 i; i < self.connections.length; ++i) {
            if (self.connections[i] == toFrom) return ConnectionWord.wrap(self.links[i].value);
        }
        return ConnectionWord.wrap(0);
    }

    function _inboundOf(Network memory self, uint8 area) private pure returns (uint256 energyWh) {
        for (uint256 i; i < self.connections.length; ++i) {
            if (uint8(self.connections[i]) == area) energyWh += ConnectionWord.wrap(self.links[i].value).capacityWh();
        }
    }
}
