@_exported public import TokenCredentials
