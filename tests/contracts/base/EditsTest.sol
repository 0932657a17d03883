// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IMeterReadingsFacts} from "../../../contracts/interfaces/IMeterReadings.sol";
import {AccountId} from "../../../contracts/types/AccountId.sol";

import {SettlementTest} from "./SettlementTest.sol";

/// Two members with a metering point each; ben's is the one whose readings people change.
abstract contract EditsTest is SettlementTest {
    uint24 internal constant LIMIT = 5000;

    AccountId internal ana;
    AccountId internal ben;
    uint24 internal point; // ben's
    uint256 internal importBase;
    uint256 internal exportBase;

    function setUp() public virtual override {
        super.setUp();
        (ana, ben) = (join(ANA), join(BEN));
        point = meteredOf(ben).point;
        (importBase, exportBase) = basesOf(point);
        open();
    }

    /// Ben takes 100, 200 and 300 Wh and feeds in 10 Wh in each of three periods; ana nothing.
    function measureThree() internal {
        vm.warp(endsAt(period + 2));
        postBases();
        (uint256 anaImport, uint256 anaExport) = basesOf(meteredOf(ana).point);
        uint256 taken;
        for (uint32 i; i < 3; ++i) {
            taken += 100 * (i + 1);
            bytes memory others = measured(meteredOf(ana).point, anaImport, anaExport);
            post(period + i, bytes.concat(others, measured(point, importBase + taken, exportBase + 10 * (i + 1))));
        }
    }

    /// The period passes; ben's reading doesn't come.
    function missing() internal {
        vm.warp(endsAt(period));
        postBases();
        postAllBut(ben);
    }

    function substitute(uint24 importWh, uint24 exportWh) internal {
        missing();
        warpToFinal();
        readings.postSubstitute(point, period, importWh, exportWh);
    }

    /// Registers since the base.
    function correct(uint32 at, uint256 importWh, uint256 exportWh) internal {
        correctTo(at, importBase + importWh, exportBase + exportWh);
    }

    function correctTo(uint32 at, uint256 importRegister, uint256 exportRegister) internal {
        readings.correct(point, at, uint48(importRegister), uint48(exportRegister), "checked on site");
    }

    function refused(uint32 at, IMeterReadingsFacts.SkipReason reason) internal view returns (bytes memory) {
        return abi.encodeWithSelector(IMeterReadingsFacts.CorrectionRefused.selector, point, at, reason);
    }
}
