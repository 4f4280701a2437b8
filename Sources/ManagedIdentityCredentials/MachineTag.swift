import FoundationEssentials
import TokenCredentials

/// The tag by which a machine says that it is one of Azure's; cloud-init goes by it too.
struct MachineTag: Sendable {
    static let path = "/sys/class/dmi/id/chassis_asset_tag"
    static let azure = "7783-7084-3265-9085-8269-3286-77"

    let files: any FileAccess

    /// Why this machine cannot be one of Azure's; `nil` if it is one, or does not say.
    ///
    /// A tag that is empty or may not be read says nothing.
    var foreignMachine: String? {
        guard let contents = try? files.contents(ofFile: Self.path, limit: 4096) else { return nil }
        let tag = String(decoding: contents, as: UTF8.self).trimmed
        if tag.isEmpty || tag == Self.azure { return nil }
        return "this machine is not an Azure one: \(Self.path) holds another tag than Azure's"
    }
}
