// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// How a default is spread over an account's missing metering points, in order of registration.
library Apportion {
    /// Each point gets its registered default; what `wantedWh` asks beyond their sum goes to the points in order, each up to its
    /// limit. What no limit holds is dropped.
    function imports(uint256[] memory defaultsWh, uint256[] memory limitsWh, uint256 wantedWh)
        internal
        pure
        returns (uint256[] memory energiesWh)
    {
        energiesWh = defaultsWh;
        uint256 excess = _beyond(wantedWh, _sum(defaultsWh));
        for (uint256 i; i < energiesWh.length && excess > 0; ++i) {
            uint256 room = _beyond(limitsWh[i], energiesWh[i]);
            uint256 more = excess < room ? excess : room;
            energiesWh[i] += more;
            excess -= more;
        }
    }

    function _sum(uint256[] memory values) private pure returns (uint256 sum) {
        for (uint256 i; i < values.length; ++i) {
            sum += values[i];
        }
    }

    function _beyond(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a - b : 0;
    }
}
