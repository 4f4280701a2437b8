/// A credential whose tokens the processes of one user may share, because it can say whose they are without asking anybody.
///
/// Says so where it reads what decides that, so that no second list of files and variables can differ from the first.
package protocol SharableCredential: TokenCredential {
    /// Everything in the environment and on disk that decides whose token comes next, as it is now; never a secret.
    ///
    /// `nil` where that cannot be told, so that nothing is shared. Another identity, another text.
    var tokenOwner: String? { get }
}
