// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "../types/AccountId.sol";
import {Connection} from "../types/Connection.sol";
import {Book, BookStorage} from "./BookStorage.sol";

/// What an account's own area has to do with its orders. An account of the market's own area, nearly every one, asks no other
/// contract.
abstract contract BookAreas is BookStorage {
    /// What an account pays per traded Wh: its side's levy and, from another area, the network fee. And its own area's retail,
    /// which its imbalance is charged at.
    function _feeAndRetail(Book memory book, AccountId account, bool isOffer)
        internal
        view
        returns (uint256 feeTicks, uint256 retailTicks)
    {
        (feeTicks, retailTicks) = (_levyTicks(book, isOffer), book.word.retailTicks());
        if (!_isForeign(book, account)) return (feeTicks, retailTicks);
        uint8 home = account.area();
        feeTicks += _networkFee(book, home);
        retailTicks = OVERSIGHT.termsWordOf(home, book.market.carrier(), book.market.period()).retailTicks();
    }

    function _feeTicks(Book memory book, AccountId account, bool isOffer) internal view returns (uint256 ticks) {
        ticks = _levyTicks(book, isOffer);
        if (_isForeign(book, account)) ticks += _networkFee(book, account.area());
    }

    function _levyTicks(Book memory book, bool isOffer) private pure returns (uint256) {
        return isOffer ? book.word.levySellTicks() : book.word.levyBuyTicks();
    }

    function _networkFee(Book memory book, uint8 home) internal view returns (uint256) {
        uint8 area = book.market.area();
        (bool connected, Connection memory connection) =
            OVERSIGHT.connectionOf(home, area, book.market.carrier(), book.market.period());
        if (!connected) revert AreaNotConnected(home, area);
        return connection.feeTicks;
    }

    /// Of an order in a `capped` market its owner's share; of another area's order its own backstop's guarantee, and the way
    /// of its energy.
    function _reserveLimits(Book memory book, bool capped, AccountId account, bool isOffer, uint256 energyWh) internal {
        if (capped) OVERSIGHT.reserveShare(account, book.market, isOffer, energyWh);
        if (!_isForeign(book, account)) return;
        (uint8 home, uint8 carrier, uint32 period) = (account.area(), book.market.carrier(), book.market.period());
        (uint8 from, uint8 to) = _flow(book, home, isOffer);
        SETTLEMENT.openArea(home, carrier, period);
        OVERSIGHT.reserveCapacity(from, to, carrier, period, energyWh);
    }

    /// What doesn't trade frees share and way again.
    function _returnLimits(Book memory book, bool capped, AccountId account, bool isOffer, uint256 energyWh) internal {
        if (energyWh == 0) return;
        if (capped) OVERSIGHT.returnShare(account, book.market, isOffer, energyWh);
        if (!_isForeign(book, account)) return;
        (uint8 from, uint8 to) = _flow(book, account.area(), isOffer);
        OVERSIGHT.returnCapacity(from, to, book.market.carrier(), book.market.period(), energyWh);
    }

    /// A seller's energy comes from its home, a buyer's goes there.
    function _flow(Book memory book, uint8 home, bool isOffer) private pure returns (uint8 from, uint8 to) {
        uint8 area = book.market.area();
        return isOffer ? (home, area) : (area, home);
    }

    function _isForeign(Book memory book, AccountId account) internal pure returns (bool) {
        return account.area() != book.market.area();
    }
}
