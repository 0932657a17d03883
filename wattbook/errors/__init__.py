# SPDX-License-Identifier: MIT
"""Every error that Wattbook raises on purpose, as one tree; a file a branch.

    WattbookError
    ├── InputError                      what was typed or sent is wrong
    │   ├── AmountUnreadable            not a decimal number
    │   ├── AmountInexact               finer than the unit, and no rounding was named
    │   ├── AmountNegative
    │   ├── PriceOutOfRange             0 … 57,599 ticks
    │   ├── EnergyOutOfRange            10 … 8,388,607 Wh an order
    │   ├── IdOutOfRange                an area, period, account, … that no contract can hold
    │   ├── AddressUnreadable           not an Ethereum address
    │   ├── ArgumentUnusable            more, or another kind, than the contract's function can take
    │   ├── CancelUnclear               neither one order nor all of an account
    │   ├── DecisionUnclear             a dispute's decision that names no registers, or two
    │   └── CalendarInvalid             times that contradict each other or don't fit the ring
    ├── SettingsError                   flag, environment or TOML file
    │   ├── SettingUnknown
    │   ├── SettingMissing
    │   ├── SettingInvalid
    │   └── ConfigUnreadable
    ├── SecretError                     keys and passwords
    │   ├── KeystoreMissing
    │   ├── KeystoreUnreadable
    │   ├── KeystoreExists
    │   ├── PasswordMissing
    │   ├── PasswordWrong
    │   ├── KeyInvalid
    │   ├── KeyNotNamed
    │   └── DemoKeyRefused              the published mnemonic off Anvil and Ganache
    ├── ProcessError                    programs that we start
    │   ├── PortTaken
    │   ├── ProgramMissing
    │   ├── EngineMissing               a chain engine that has to be built first
    │   ├── EngineUnfit                 another version of it
    │   ├── ChainStalled                its nodes find no peers, or make no blocks
    │   ├── PartMissing                 a command whose package isn't installed
    │   ├── ProcessFailed               ended before it was ready
    │   ├── ProcessSilent               never said that it is ready
    │   └── ClockLost                   the stepped clock went away, or was never there
    ├── DeploymentError
    │   ├── DeploymentMissing
    │   ├── DeploymentUnreadable
    │   ├── WrongChain
    │   ├── ContractMissing             no code at the address
    │   ├── ContractChanged             other code at the address
    │   ├── ContractUnknown             a name that no ABI file has
    │   └── AbiMissing
    └── ChainError
        ├── ProfileMissing
        ├── ProfileInvalid
        ├── ChainUnreachable            transport: nobody answers, or garbage
        ├── RpcRefused                  the node answered with an error
        ├── BlockGone                   a pinned block is no longer in the chain
        ├── TransactionRefused          the node refused it for good
        ├── TransactionReverted         mined, but reverted
        ├── TransactionPending          not mined in time
        ├── SubmissionChanged           one idempotency key, two contents
        ├── JournalForeign              a sender's journal of another chain or key
        └── ContractError               a custom error of our contracts, see wattbook/chain/errors.py

`oracle` and `api` hang their own classes into this tree; what a class has is told in base.py.
"""

from wattbook.errors.base import Exit, WattbookError
from wattbook.errors.chain import (
    BlockGone,
    ChainError,
    ChainUnreachable,
    ContractError,
    JournalForeign,
    ProfileInvalid,
    ProfileMissing,
    RpcRefused,
    SubmissionChanged,
    TransactionPending,
    TransactionRefused,
    TransactionReverted,
)
from wattbook.errors.deployment import (
    AbiMissing,
    ContractChanged,
    ContractMissing,
    ContractUnknown,
    DeploymentError,
    DeploymentMissing,
    DeploymentUnreadable,
    WrongChain,
)
from wattbook.errors.input import (
    AddressUnreadable,
    AmountInexact,
    AmountNegative,
    AmountUnreadable,
    ArgumentUnusable,
    CalendarInvalid,
    CancelUnclear,
    DecisionUnclear,
    EnergyOutOfRange,
    IdOutOfRange,
    InputError,
    PriceOutOfRange,
)
from wattbook.errors.programs import (
    ChainStalled,
    ClockLost,
    EngineMissing,
    EngineUnfit,
    PartMissing,
    PortTaken,
    ProcessError,
    ProcessFailed,
    ProcessSilent,
    ProgramMissing,
)
from wattbook.errors.secrets import (
    DemoKeyRefused,
    KeyInvalid,
    KeyNotNamed,
    KeystoreExists,
    KeystoreMissing,
    KeystoreUnreadable,
    PasswordMissing,
    PasswordWrong,
    SecretError,
)
from wattbook.errors.settings import (
    ConfigUnreadable,
    SettingInvalid,
    SettingMissing,
    SettingsError,
    SettingUnknown,
)

__all__ = [
    "Exit",
    "WattbookError",
    "InputError",
    "AmountUnreadable",
    "AmountInexact",
    "AmountNegative",
    "PriceOutOfRange",
    "EnergyOutOfRange",
    "IdOutOfRange",
    "AddressUnreadable",
    "ArgumentUnusable",
    "CancelUnclear",
    "DecisionUnclear",
    "CalendarInvalid",
    "SettingsError",
    "SettingUnknown",
    "SettingMissing",
    "SettingInvalid",
    "ConfigUnreadable",
    "SecretError",
    "KeystoreMissing",
    "KeystoreUnreadable",
    "KeystoreExists",
    "PasswordMissing",
    "PasswordWrong",
    "KeyInvalid",
    "DemoKeyRefused",
    "KeyNotNamed",
    "ProcessError",
    "PortTaken",
    "ProgramMissing",
    "EngineMissing",
    "EngineUnfit",
    "ChainStalled",
    "PartMissing",
    "ProcessFailed",
    "ProcessSilent",
    "ClockLost",
    "DeploymentError",
    "DeploymentMissing",
    "DeploymentUnreadable",
    "WrongChain",
    "ContractMissing",
    "ContractChanged",
    "ContractUnknown",
    "AbiMissing",
    "ChainError",
    "ProfileMissing",
    "ProfileInvalid",
    "ChainUnreachable",
    "RpcRefused",
    "BlockGone",
    "TransactionRefused",
    "TransactionReverted",
    "TransactionPending",
    "SubmissionChanged",
    "JournalForeign",
    "ContractError",
]
