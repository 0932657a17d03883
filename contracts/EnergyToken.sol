// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC1155} from "solady/tokens/ERC1155.sol";

import {IEnergyToken} from "./interfaces/IEnergyToken.sol";
import {IMeterReadings} from "./interfaces/IMeterReadings.sol";
import {IPaymentVault} from "./interfaces/IPaymentVault.sol";
import {AccountId} from "./types/AccountId.sol";
import {Calendar, CalendarTimes} from "./types/Calendar.sol";
import {Market} from "./types/Market.sol";
import {MeteredWord} from "./types/MeteredWord.sol";

/// See IEnergyToken.
contract EnergyToken is IEnergyToken, ERC1155, AccessManaged, Calendar {
    /// What a contract that takes certificates may use up, the entry in its balance included.
    uint256 private constant TAKING_GAS = 150_000;

    IPaymentVault private immutable VAULT;
    IMeterReadings private immutable READINGS;

    address public minter;

    mapping(uint256 id => uint256) private _supplies;
    mapping(AccountId account => mapping(uint256 carrierAndPeriod => uint256)) private _retired;

    constructor(address authority, CalendarTimes memory times, IPaymentVault vault, IMeterReadings readings)
        AccessManaged(authority)
        Calendar(times)
    {
        VAULT = vault;
        READINGS = readings;
    }

    /// @inheritdoc IEnergyToken
    function mint(address to, Market market, uint256 energyWh) external returns (bool taken) {
        if (msg.sender != minter) revert NotMinter(msg.sender);
        if (to.code.length == 0) {
            _create(to, Market.unwrap(market), energyWh);
            return true;
        }
        // A caller who brings too little gas must not make the receiver look unwilling.
        if (gasleft() < 2 * TAKING_GAS) revert GasTooLow(gasleft());
        try this.mintTo{gas: TAKING_GAS}(to, Market.unwrap(market), energyWh) {
            return true;
        } catch {
            return false;
        }
    }

    /// Mints with the receiver's word; a call of its own, so that a refusal undoes nothing else.
    function mintTo(address to, uint256 id, uint256 energyWh) external {
        if (msg.sender != address(this)) revert NotMinter(msg.sender);
        _create(to, id, energyWh);
    }

    /// @inheritdoc IEnergyToken
    function retire(AccountId account, Market market, uint256 energyWh) external {
        if (VAULT.ownerOf(account) != msg.sender) revert NotAccountOwner(account, msg.sender);
        _requireReadable(market.period());
        uint256 importWh = _importOf(account, market.carrier(), market.period());
        uint256 retiredWh = retiredOf(account, market.carrier(), market.period());
        uint256 availableWh = importWh > retiredWh ? importWh - retiredWh : 0;
        if (energyWh > availableWh) revert ImportExceeded(account, availableWh, energyWh);
        _retired[account][_key(market.carrier(), market.period())] = retiredWh + energyWh;
        emit CertificatesRetired(account, market, energyWh);
        _destroy(msg.sender, Market.unwrap(market), energyWh);
    }

    /// @inheritdoc IEnergyToken
    function connectMinter(address minter_) external restricted {
        if (minter != address(0)) revert MinterFixed(minter);
        minter = minter_;
        emit MinterConnected(minter_);
    }

    /// @inheritdoc IEnergyToken
    function totalSupply(Market market) external view returns (uint256) {
        return _supplies[Market.unwrap(market)];
    }

    /// @inheritdoc IEnergyToken
    function retiredOf(AccountId account, uint8 carrier, uint32 period) public view returns (uint256) {
        return _retired[account][_key(carrier, period)];
    }

    /// Certificates have no page of their own: the id says all.
    function uri(uint256) public pure override returns (string memory) {
        return "";
    }

    function _create(address to, uint256 id, uint256 energyWh) private {
        _supplies[id] += energyWh;
        _mint(to, id, energyWh, "");
    }

    function _destroy(address from, uint256 id, uint256 energyWh) private {
        _burn(from, id, energyWh);
        _supplies[id] -= energyWh;
    }

    /// What the account took from the grid, once that is final.
    function _importOf(AccountId account, uint8 carrier, uint32 period) private view returns (uint256) {
        MeteredWord metered = MeteredWord.wrap(READINGS.metered(account.area(), carrier, period, account.index(), 1)[0]);
        return metered.isFinal() ? metered.importWh() : 0;
    }

    /// Another period takes over the words of `period` when its trading opens, a turn of the ring later.
    function _requireReadable(uint32 period) private view {
        uint256 until = _startsAt(period + RING_PERIODS) - OPENS_BEFORE;
        if (block.timestamp >= until) revert TooLate(until);
    }

    function _key(uint8 carrier, uint32 period) private pure returns (uint256) {
        return (uint256(carrier) << 32) | period;
    }
}
