// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEnergyToken} from "../interfaces/IEnergyToken.sol";
import {IGridOversight} from "../interfaces/IGridOversight.sol";
import {IMeterReadings} from "../interfaces/IMeterReadings.sol";
import {IPaymentVault} from "../interfaces/IPaymentVault.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {Lists} from "../libraries/Lists.sol";
import {AccountId, backstopAccount} from "../types/AccountId.sol";
import {CalendarTimes, Times} from "../types/Calendar.sol";
import {TermsWord} from "../types/TermsWord.sol";

/// The contracts that Settlement works with: what it asks them, and what it has the vault do.
abstract contract Counterparts is Times {
    using Lists for uint256[];

    IPaymentVault internal immutable VAULT;
    IRegistry internal immutable REGISTRY;
    IGridOversight internal immutable OVERSIGHT;
    IMeterReadings internal immutable READINGS;
    IEnergyToken internal immutable TOKEN;

    constructor(
        CalendarTimes memory times,
        IPaymentVault vault,
        IRegistry registry,
        IGridOversight oversight,
        IMeterReadings readings,
        IEnergyToken token
    ) Times(times) {
        VAULT = vault;
        REGISTRY = registry;
        OVERSIGHT = oversight;
        READINGS = readings;
        TOKEN = token;
    }

    // --- who, on what terms -------------------------------------------------------------------------------------

    function _membersAt(uint8 area, uint32 period) internal view returns (uint256) {
        return REGISTRY.membersAt(area, period);
    }

    function _termsOf(uint8 area, uint8 carrier, uint32 period) internal view returns (TermsWord) {
        return OVERSIGHT.termsWordOf(area, carrier, period);
    }

    /// How many accounts there are to settle in an area that isn't taken: none if it has no terms, and it never gets them once the
    /// period is tradable.
    function _expectedAt(uint8 area, uint8 carrier, uint32 period) internal view returns (uint256) {
        try OVERSIGHT.termsWordOf(area, carrier, period) returns (TermsWord) {
            return _membersAt(area, period);
        } catch (bytes memory reason) {
            // Any other end, as of gas, says nothing of terms.
            return bytes4(reason) == IGridOversight.NoTerms.selector ? 0 : _membersAt(area, period);
        }
    }

    // --- money --------------------------------------------------------------------------------------------------

    /// The vault's pot of a (carrier, period): escrow, locks and guarantees of all areas together. Periods of one slot share it:
    /// a word that was used before is cheaper to write, and the venue lists few pots.
    function _potKey(uint8 carrier, uint32 period) internal view returns (uint96) {
        return (uint96(carrier) << 32) | uint96(_slotOf(period));
    }

    /// The venue that calls has brought `amount` for its fills, or is refused.
    function _accept(uint8 carrier, uint32 period, uint256 amount) internal {
        VAULT.accept(_potKey(carrier, period), amount);
    }

    function _release(AccountId account, uint8 carrier, uint32 period, uint256 amount) internal {
        VAULT.release(account, _potKey(carrier, period), amount);
    }

    function _charge(AccountId account, uint96 potKey, uint256 amount) internal returns (uint256) {
        return VAULT.charge(account, potKey, amount);
    }

    function _payMany(uint96 potKey, uint256[] memory payments) internal returns (uint256[] memory owed) {
        return payments.send(address(VAULT), IPaymentVault.payMany.selector, potKey);
    }

    /// The free balance of an area's backstop.
    function _meansOf(uint8 area) internal view returns (uint256) {
        return VAULT.balanceOf(backstopAccount(area));
    }
}
