// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// What is signed, in the domain of this separator.
function digestIn(bytes32 domain, bytes32 structHash) pure returns (bytes32 digest) {
    assembly ("memory-safe") {
        let free := mload(0x40)
        mstore(free, shl(240, 0x1901))
        mstore(add(free, 2), domain)
        mstore(add(free, 34), structHash)
        digest := keccak256(free, 66)
    }
}

/// The EIP-712 domain of a contract: name `Wattbook`, version `1`.
abstract contract Domain {
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant NAME = keccak256("Wattbook");
    bytes32 private constant VERSION = keccak256("1");

    address private immutable SELF = address(this);
    uint256 private immutable CHAIN = block.chainid;
    bytes32 private immutable SEPARATOR = _separator();

    /// What is signed.
    function _digest(bytes32 structHash) internal view returns (bytes32) {
        return digestIn(_domain(), structHash);
    }

    /// The domain's separator; on a chain that split off it is another.
    function _domain() internal view returns (bytes32) {
        return block.chainid == CHAIN && address(this) == SELF ? SEPARATOR : _separator();
    }

    function _separator() private view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPEHASH, NAME, VERSION, block.chainid, address(this)));
    }
}
