internal import FoundationEssentials
package import KeyOperations
internal import Primitives

/// What tells a beacon chain of one's own from all others, in a file: JSON of a name and three values, in hexadecimal.
///
/// The values are named as in the API of beacon nodes.
package enum NetworkFile {
    /// How long such a file may be, in bytes.
    package static let sizeLimit = 4_096

    private struct Form: Decodable {
        var name: String
        var genesis_fork_version: String
        var capella_fork_version: String
        var genesis_validators_root: String
    }

    /// Reads such a file.
    package static func network(json: [UInt8]) throws(OfflineError) -> BeaconNetwork {
        guard json.count <= sizeLimit else { throw .tooLong(limit: sizeLimit) }
        guard let form = try? JSONDecoder().decode(Form.self, from: Data(json)) else {
            throw .network("four texts are missing, or not all there")
        }
        guard let genesis = ForkVersion(hex: form.genesis_fork_version),
            let capella = ForkVersion(hex: form.capella_fork_version)
        else { throw .network("a fork version has 4 bytes") }
        guard let root = Digest(hex: form.genesis_validators_root) else {
            throw .network("the root of the validators at genesis has 32 bytes")
        }
        guard !form.name.isEmpty, form.name.utf8.count <= 32 else {
            throw .network("the name has 1 to 32 bytes")
        }
        return BeaconNetwork(
            name: form.name,
            genesisForkVersion: genesis,
            capellaForkVersion: capella,
            genesisValidatorsRoot: root
        )
    }
}
