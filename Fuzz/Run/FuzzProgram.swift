import CFuzzer
import Glibc

/// One program for all fuzz targets: `Fuzz TARGET [libFuzzer options] [corpus folders or inputs]`.
///
/// `scripts/fuzz` builds and runs it. libFuzzer starts copies of the program for some jobs, without the target's
/// name; these find it in the environment.
@main struct FuzzProgram {
    private static let variable = "ORACLE_FUZZ_TARGET"
    private static let target = chosenTarget()

    static func main() {
        guard let target else {
            for target in FuzzTarget.all { print(target.name) }
            exit(2)
        }
        var arguments = CommandLine.arguments
        if arguments.count > 1, arguments[1] == target.name { arguments.remove(at: 1) }
        // libFuzzer keeps them, so they are never freed.
        var pointers = unsafe arguments.map { unsafe strdup($0) } + [nil]
        var count = Int32(arguments.count)
        let code = unsafe pointers.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            return unsafe LLVMFuzzerRunDriver(&count, &start) { data, size in
                unsafe FuzzProgram.target?.run(Array(UnsafeBufferPointer(start: data, count: size)))
                return 0
            }
        }
        exit(code)
    }

    private static func chosenTarget() -> FuzzTarget? {
        if CommandLine.arguments.count > 1,
            let target = FuzzTarget.all.first(where: { $0.name == CommandLine.arguments[1] })
        {
            unsafe setenv(variable, target.name, 1)
            return target
        }
        guard let inherited = unsafe getenv(variable) else { return nil }
        let name = unsafe String(cString: inherited)
        return FuzzTarget.all.first { $0.name == name }
    }
}
