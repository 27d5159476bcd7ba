internal import CFuzzer
internal import Glibc
internal import Synchronization

/// One program for several fuzz targets: `Fuzz TARGET [libFuzzer options] [corpus folders or inputs]`.
///
/// `scripts/fuzz` builds and runs it. libFuzzer starts copies of the program for some jobs, without the target's
/// name; these find it in the environment.
package enum FuzzProgram {
    private static let variable = "ORACLE_FUZZ_TARGET"
    /// What the fuzzer calls, for it takes a function without a context.
    private static let target = Mutex<FuzzTarget?>(nil)

    /// Runs the target that the command line or the environment names; without one it lists them.
    package static func run(_ targets: [FuzzTarget]) -> Never {
        guard let chosen = chosen(of: targets) else {
            for target in targets { print(target.name) }
            exit(2)
        }
        target.withLock { $0 = chosen }
        var arguments = CommandLine.arguments
        if arguments.count > 1, arguments[1] == chosen.name { arguments.remove(at: 1) }
        // libFuzzer keeps them, so they are never freed.
        var pointers = unsafe arguments.map { unsafe strdup($0) } + [nil]
        var count = Int32(arguments.count)
        let code = unsafe pointers.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            return unsafe LLVMFuzzerRunDriver(&count, &start) { data, size in
                let run = FuzzProgram.target.withLock { $0?.run }
                unsafe run?(Array(UnsafeBufferPointer(start: data, count: size)))
                return 0
            }
        }
        exit(code)
    }

    private static func chosen(of targets: [FuzzTarget]) -> FuzzTarget? {
        if CommandLine.arguments.count > 1,
            let target = targets.first(where: { $0.name == CommandLine.arguments[1] })
        {
            unsafe setenv(variable, target.name, 1)
            return target
        }
        guard let inherited = unsafe getenv(variable) else { return nil }
        let name = unsafe String(cString: inherited)
        return targets.first { $0.name == name }
    }
}
