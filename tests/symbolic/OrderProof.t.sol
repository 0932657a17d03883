// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {OrderBook} from "../../contracts/OrderBook.sol";
import {Cursor} from "../../contracts/book/BookEntries.sol";
import {Incoming} from "../../contracts/book/BookMatching.sol";
import {Book} from "../../contracts/book/BookStorage.sol";
import {IGridOversight} from "../../contracts/interfaces/IGridOversight.sol";
import {IPaymentVault} from "../../contracts/interfaces/IPaymentVault.sol";
import {ISettlement} from "../../contracts/interfaces/ISettlement.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {CalendarTimes} from "../../contracts/types/Calendar.sol";
import {newEntry} from "../../contracts/types/Entry.sol";
import {Market} from "../../contracts/types/Market.sol";
import {openedMarket} from "../../contracts/types/MarketWord.sol";
import {toOrderRef} from "../../contracts/types/OrderRef.sol";
import {RecordWord} from "../../contracts/types/RecordWord.sol";
import {TermsWord} from "../../contracts/types/TermsWord.sol";

import {Row, TermsTable} from "./base/TermsTable.sol";

/// Locks suffice: what the book locks for an order, and hands over for its fill, covers what the order can cost. For each row of
/// the table, with any energies of full width and any prices that the match can give them, through the book's own steps.
///
/// A sale is *covered*: its receipts and its lock are at least energy × its owner's retail. So a seller who delivers nothing, and
/// buys it all from the backstop, is settled without a debt. A fee counts the same whatever it is made of, so the levy stands for
/// levy and network fee.
contract OrderProof is OrderBook, TermsTable {
    AccountId private constant ANA = AccountId.wrap((1 << 16) | 16);
    Market private constant MARKET = Market.wrap(uint48((1 << 40) | 2_000_000));

    constructor()
        OrderBook(
            CalendarTimes(900, 24 hours, 5 minutes, 1 hours, 24 hours, 7 days, 9 days, 1024),
            IPaymentVault(address(0)),
            IGridOversight(address(0)),
            ISettlement(address(0))
        )
    {}

    // --- offers -------------------------------------------------------------------------------------------------

    /// An offer that takes trades at its tick or above: `better` is what that brings.
    function check_AnOfferThatTakesIsCovered(uint256 which, uint24 tradedWh, uint40 better) public pure {
        Row memory row = _row(which);
        Incoming memory incoming = _offer(row);
        unchecked {
            _take(incoming, tradedWh, tradedWh * incoming.tick + better);
        }
        _assertCovered(row, incoming.record, tradedWh, better);
    }

    /// One that rests trades at its tick.
    function check_AnOfferThatRestsIsCovered(uint256 which, uint24 energyWh, uint24 filledWh) public view {
        Row memory row = _row(which);
        Cursor memory at = _rest(_offer(row), energyWh, filledWh);
        _assertCovered(row, _fillOf(_book(row), at), filledWh, 0);
    }

    // --- bids ---------------------------------------------------------------------------------------------------

    /// A bid that takes locks what it pays: the price and the fee.
    function check_ABidThatTakesLocksItsCost(uint256 which, uint24 tradedWh, uint40 value) public pure {
        Row memory row = _row(which);
        Incoming memory incoming = _bid(row);
        uint256 locked = _take(incoming, tradedWh, value);
        unchecked {
            _assertSame(incoming.record.paid(), locked, locked, value + tradedWh * row.bidFee);
        }
    }

    /// One that rests locks its limit a Wh, which is its tick and the fee: for what has traded and for the rest.
    function check_ABidThatRestsLocksItsCost(uint256 which, uint24 energyWh, uint24 filledWh) public view {
        Row memory row = _row(which);
        Incoming memory incoming = _bid(row);
        Cursor memory at = _rest(incoming, energyWh, filledWh);
        uint256 paid = _fillOf(_book(row), at).paid();
        unchecked {
            _assertSame(paid, filledWh * (incoming.tick + row.bidFee), at.restLock(), at.restWh * row.bidLimit);
        }
    }

    // --- orders -------------------------------------------------------------------------------------------------

    function _offer(Row memory row) private pure returns (Incoming memory incoming) {
        (incoming.account, incoming.isOffer, incoming.feeTicks) = (ANA, true, row.offerFee);
        _foldOffer(incoming, row.offerLimit, row.offerFee, row.retail);
    }

    function _bid(Row memory row) private pure returns (Incoming memory incoming) {
        (incoming.account, incoming.feeTicks) = (ANA, row.bidFee);
        _foldBid(incoming, row.bidLimit, row.bidFee, row.retail);
    }

    /// Records trades of the order as a taker; returns their lock.
    function _take(Incoming memory incoming, uint256 tradedWh, uint256 value) private pure returns (uint256) {
        vm.assume(tradedWh < 1 << 23);
        (incoming.tradedWh, incoming.value) = (tradedWh, value);
        return _recordTrades(incoming);
    }

    /// The order as it rests, partly filled. Masks tell the solver that no field of the entry reaches into the next one.
    function _rest(Incoming memory incoming, uint256 energyWh, uint256 filledWh)
        private
        pure
        returns (Cursor memory at)
    {
        energyWh &= (1 << 23) - 1;
        vm.assume(filledWh <= energyWh);
        at.entry = newEntry(incoming.account, energyWh, incoming.isOffer, incoming.lockTicks);
        at.ref = toOrderRef(incoming.tick, 0);
        unchecked {
            (at.filledWh, at.restWh) = (filledWh, energyWh - filledWh);
        }
    }

    /// The market of Ana's area, on the row's terms.
    function _book(Row memory row) private pure returns (Book memory book) {
        TermsWord terms = TermsWord.wrap(uint224(row.retail | (row.bidFee << 32) | (row.offerFee << 48)));
        (book.market, book.word) = (MARKET, openedMarket(0, terms));
    }

    // --- what must hold -----------------------------------------------------------------------------------------

    // Without checks: sums and products stay far below 256 bits, and each check would be one more question to the solver.

    function _assertCovered(Row memory row, RecordWord fill, uint256 soldWh, uint256 better) private pure {
        uint256 ticks = row.offerLimit > row.retail ? row.offerLimit : row.retail;
        unchecked {
            _assertSame(fill.soldWh(), soldWh, fill.received() + fill.locked(), soldWh * ticks + better);
        }
    }

    /// Both pairs are equal.
    function _assertSame(uint256 a, uint256 b, uint256 c, uint256 d) private pure {
        assert((a ^ b) | (c ^ d) == 0);
    }
}
