internal import CLinux
internal import Glibc

/// What was done so that the secrets of the process do not leave it through the operating system.
package struct ProcessHardening: Hashable, Sendable {
    /// The limit on the size of core files is zero.
    package let forbidsCoreFiles: Bool
    /// The kernel neither dumps the process nor lets another process of the user look into it.
    package let forbidsInspection: Bool
    /// Secrets are kept out of swap (``SecretMemory/isLocked``).
    package let keepsSecretsInMemory: Bool

    /// Whether all of it could be done.
    package var isComplete: Bool { forbidsCoreFiles && forbidsInspection && keepsSecretsInMemory }

    /// Does what can be done, and says what could be.
    ///
    /// Cannot be undone within the process. For the start of a program; a test that wants its core files does
    /// not call it.
    package static func apply() -> ProcessHardening {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        let limited = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0
        let forbidden = linux_forbid_dumps() == 0 && linux_may_be_dumped() == 0
        return ProcessHardening(
            forbidsCoreFiles: limited,
            forbidsInspection: forbidden,
            keepsSecretsInMemory: SecretMemory.isLocked
        )
    }
}
