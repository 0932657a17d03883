// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ISettlementExtension} from "../interfaces/ISettlement.sol";
import {AccountId} from "../types/AccountId.sol";
import {Corrections} from "./Corrections.sol";

/// Energy that is known too late for the periods it belongs to: outside positions and certificates, export at the lowest
/// feed-in, import at the highest retail of the gap.
abstract contract Residuals is Corrections {
    /// The pots of residuals, which belong to no period.
    uint96 private constant RESIDUALS = 1 << 95;

    /// @inheritdoc ISettlementExtension
    function bookResidual(
        AccountId account,
        uint8 carrier,
        uint32 firstPeriod,
        uint32 lastPeriod,
        int256 importWh,
        int256 exportWh
    ) external onlyReadings {
        uint256 id = ++_residualCount;
        // MeterReadings adds them up in 64 bits.
        _residuals[id] = Residual(account, carrier, firstPeriod, lastPeriod, int64(importWh), int64(exportWh));
        emit ResidualBooked(id, account, carrier, firstPeriod, lastPeriod, importWh, exportWh);
    }

    /// @inheritdoc ISettlementExtension
    function settleResidual(uint256 id) external {
        Residual memory residual = _residuals[id];
        if (residual.account == AccountId.wrap(0)) revert NothingToSettle(id);
        int256 due = _dueFor(residual);
        uint256 means = _meansOf(residual.account.area());
        if (due > int256(means)) revert ResidualUnfunded(id, uint256(due), means);
        delete _residuals[id];
        (int256 payout, uint256 debt) = _payDifference(residual.account, RESIDUALS, due);
        emit ResidualSettled(id, residual.account, payout, debt);
    }

    /// @inheritdoc ISettlementExtension
    function residualOf(uint256 id) external view returns (ResidualView memory) {
        Residual memory residual = _residuals[id];
        return ResidualView({
            account: residual.account,
            carrier: residual.carrier,
            firstPeriod: residual.firstPeriod,
            lastPeriod: residual.lastPeriod,
            importWh: residual.importWh,
            exportWh: residual.exportWh
        });
    }

    /// @inheritdoc ISettlementExtension
    function residualCount() external view returns (uint256) {
        return _residualCount;
    }

    function _dueFor(Residual memory residual) private view returns (int256) {
        (uint256 lowestFeedIn, uint256 highestRetail) = OVERSIGHT.extremeTariffs(
            residual.account.area(), residual.carrier, residual.firstPeriod, residual.lastPeriod
        );
        return residual.exportWh * int256(lowestFeedIn) - residual.importWh * int256(highestRetail);
    }
}
