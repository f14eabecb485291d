@{
    RootModule             = 'PgEdgeUsers.dll'
    ModuleVersion          = '0.1.0'
    GUID                   = '8f2c7f0e-53a1-4d0c-9b65-0c8b6a7d91e4'
    Author                 = 'PgEdgeUsers contributors'
    CompanyName            = 'PgEdgeUsers contributors'
    Copyright              = '(c) PgEdgeUsers contributors. MIT license.'
    Description            = 'Manages the user accounts and sessions of the pgEdge PostgreSQL MCP server, directly in the server''s user file, safely while the server runs.'
    PowerShellVersion      = '7.4'
    CompatiblePSEditions   = @('Core')
    FormatsToProcess       = @('PgEdgeUsers.Format.ps1xml')
    CmdletsToExport        = @(
        'Copy-PgEdgeUser'
        'Disable-PgEdgeUser'
        'Enable-PgEdgeUser'
        'Export-PgEdgeAccessReview'
        'Get-PgEdgeAuditEvent'
        'Get-PgEdgeSession'
        'Get-PgEdgeTool'
        'Get-PgEdgeUser'
        'Get-PgEdgeUserFile'
        'Get-PgEdgeUserHistory'
        'Invoke-PgEdgeTool'
        'New-PgEdgeSession'
        'New-PgEdgeUser'
        'Remove-PgEdgeSession'
        'Remove-PgEdgeUser'
        'Rename-PgEdgeUser'
        'Repair-PgEdgeUserFile'
        'Restore-PgEdgeUser'
        'Set-PgEdgeUser'
        'Sync-PgEdgeUser'
        'Test-PgEdgeSession'
        'Test-PgEdgeUserFile'
    )
    FunctionsToExport      = @()
    AliasesToExport        = @()
    VariablesToExport      = @()
    PrivateData            = @{
        PSData = @{
            Tags         = @('pgEdge', 'PostgreSQL', 'MCP', 'users', 'authentication', 'security', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri   = 'https://opensource.org/license/mit'
            ProjectUri   = 'https://github.com/pgEdge/pgedge-postgres-mcp'
            ReleaseNotes = 'See CHANGELOG.md.'
        }
    }
}
