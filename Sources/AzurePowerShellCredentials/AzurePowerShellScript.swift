import FoundationEssentials

/// The script that prints a token and its end as one JSON object.
struct AzurePowerShellScript {
    /// The exit status of the script where the module is missing.
    static let moduleMissing: Int32 = 41

    /// The script's text.
    let text: String

    /// Writes the script.
    ///
    /// Resource and tenant must have been checked: neither may hold a quotation mark.
    init(resource: String, tenant: String?) {
        text = """
            $ErrorActionPreference = 'Stop'
            $WarningPreference = 'SilentlyContinue'
            $ProgressPreference = 'SilentlyContinue'
            $VerbosePreference = 'SilentlyContinue'
            $module = Import-Module Az.Accounts -MinimumVersion 2.2.0 -PassThru -ErrorAction SilentlyContinue
            if ($null -eq $module) { exit \(Self.moduleMissing) }
            $wanted = @{ ResourceUrl = '\(resource)' }
            \(tenant.map { "$wanted['TenantId'] = '\($0)'" } ?? "")
            # Before 2.17.0 the token is a text only, from 5.0.0 on it is secure without being asked.
            if ($module.Version -ge [version]'2.17.0' -and $module.Version -lt [version]'5.0.0') {
                $wanted['AsSecureString'] = $true
            }
            try {
                $answer = Get-AzAccessToken @wanted
            } catch {
                [Console]::Error.WriteLine($_.Exception.Message)
                exit 1
            }
            $token = $answer.Token
            if ($token -is [System.Security.SecureString]) {
                $token = [System.Net.NetworkCredential]::new('', $token).Password
            }
            $end = [System.DateTimeOffset]$answer.ExpiresOn
            @{ token = $token; expiresOn = $end.ToUnixTimeSeconds() } | ConvertTo-Json -Compress
            """
    }

    /// The script as `-EncodedCommand` takes it: base64 of UTF-16, low byte first.
    var encoded: String {
        Data(text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }).base64EncodedString()
    }
}
