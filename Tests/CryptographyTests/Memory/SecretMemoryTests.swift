import Cryptography
import Foundation
import Testing

/// What can be seen only in a process of its own, where no other test takes slots, is looked at there.
@Suite struct SecretMemoryTests {
    @Test func `wipes a secret's bytes when its last reference goes`() async {
        await #expect(processExitsWith: .success) {
            var secret = Optional(
                unsafe SecretBytes(count: 100) { unsafe $0.initializeMemory(as: UInt8.self, repeating: 0xA5) }
            )
            let alias = secret
            let place = unsafe secret?.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) } ?? 0
            guard let bytes = unsafe UnsafePointer<UInt8>(bitPattern: place) else { exit(2) }
            secret = nil
            guard unsafe bytes[0] == 0xA5, unsafe bytes[99] == 0xA5 else { exit(3) }
            withExtendedLifetime(alias) {}
            _ = consume alias
            for index in 0..<100 where unsafe bytes[index] != 0 { exit(4) }
            guard SecretMemory.slotsInUse == 0 else { exit(5) }
        }
    }

    @Test func `wipes what was written before an initializer threw`() async {
        await #expect(processExitsWith: .success) {
            struct Refusal: Error {}
            var place: UInt = 0
            do throws(Refusal) {
                _ = try unsafe SecretBytes(count: 64) { (buffer) throws(Refusal) in
                    unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0xA5)
                    place = UInt(bitPattern: buffer.baseAddress)
                    throw Refusal()
                }
                exit(2)
            } catch {}
            guard let bytes = unsafe UnsafePointer<UInt8>(bitPattern: place) else { exit(3) }
            for index in 0..<64 where unsafe bytes[index] != 0 { exit(4) }
            guard SecretMemory.slotsInUse == 0 else { exit(5) }
        }
    }

    @Test func `takes a slot for each 64 bytes and gives all back`() async {
        await #expect(processExitsWith: .success) {
            var secrets: [SecretBytes] = []
            for count in [1, 64, 65, 128, 4_096] { secrets.append(unsafe SecretBytes(count: count) { _ in }) }
            guard SecretMemory.slotsInUse == 1 + 1 + 2 + 2 + 64 else { exit(2) }
            secrets.remove(at: 3)
            guard SecretMemory.slotsInUse == 68 else { exit(3) }
            // The gap of two slots is used again only by what fits into it.
            secrets.append(unsafe SecretBytes(count: 128) { _ in })
            secrets.removeAll()
            guard SecretMemory.slotsInUse == 0 else { exit(4) }
        }
    }

    @Test func `stands between pages that cannot be touched`() async {
        await #expect(processExitsWith: .failure) {
            let secret = unsafe SecretBytes(count: 64) { _ in }
            let before = unsafe secret.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) } - 1
            print(unsafe UnsafePointer<UInt8>(bitPattern: before).map { unsafe $0.pointee } ?? 0)
        }
    }

    @Test func `says so when its pages cannot be locked`() async {
        await #expect(processExitsWith: .success) {
            var none = rlimit(rlim_cur: 0, rlim_max: 0)
            guard unsafe setrlimit(__rlimit_resource_t(__RLIMIT_MEMLOCK.rawValue), &none) == 0 else {
                exit(2)
            }
            // The limit does not bind the superuser.
            if getuid() == 0 { guard setgid(65_534) == 0, setuid(65_534) == 0 else { exit(3) } }
            guard !SecretMemory.isLocked else { exit(4) }
            let secret = unsafe SecretBytes(count: 32) { unsafe $0[0] = 1 }
            guard unsafe secret.withUnsafeBytes({ unsafe $0[0] }) == 1 else { exit(5) }
        }
    }

    @Test func `is not inherited by a forked child`() async {
        await #expect(processExitsWith: .success) {
            let secret = unsafe SecretBytes(count: 64) { _ in }
            let address = unsafe secret.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
            // Swift hides `fork`, because little may be done in the child; reading one byte may.
            guard let symbol = unsafe dlsym(nil, "fork") else { exit(2) }
            let fork = unsafe unsafeBitCast(symbol, to: (@convention(c) () -> pid_t).self)
            let child = fork()
            if child == 0 {
                _exit(unsafe UnsafePointer<UInt8>(bitPattern: address).map { unsafe $0.pointee } == 0 ? 0 : 1)
            }
            var status: Int32 = 0
            guard child > 0, unsafe waitpid(child, &status, 0) == child else { exit(3) }
            // The low seven bits name the signal that ended the child.
            guard status & 0x7F == SIGSEGV else { exit(4) }
        }
    }

    @Test func `is locked, and counted as such by the kernel`() async {
        await #expect(processExitsWith: .success) {
            func lockedKilobytes() -> Int {
                guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else {
                    exit(2)
                }
                let line = text.split(separator: "\n").first { $0.hasPrefix("VmLck") }
                return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
            }
            let before = lockedKilobytes()
            guard SecretMemory.isLocked else { exit(0) }
            guard lockedKilobytes() == before + 32 else { exit(3) }
        }
    }

    @Test func `hardening says what it did`() async {
        await #expect(processExitsWith: .success) {
            let hardening = ProcessHardening.apply()
            guard hardening.forbidsCoreFiles, hardening.forbidsInspection else { exit(2) }
            guard hardening.isComplete == SecretMemory.isLocked else { exit(3) }
            var limit = rlimit()
            guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0,
                limit.rlim_max == 0
            else { exit(4) }
        }
    }
}
