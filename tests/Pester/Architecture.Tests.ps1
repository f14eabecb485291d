# The rules of CONTRIBUTING.md about the layers of the module, checked on the sources and on the loaded module.

BeforeAll {
    . $PSScriptRoot/common.ps1
    $source = Join-Path $PSScriptRoot ../../src -Resolve

    function Get-Source([string] $Folder) {
        Get-ChildItem (Join-Path $source $Folder) -Recurse -Filter *.cs |
            Where-Object FullName -NotMatch '[\\/](obj|bin)[\\/]'
    }
}

Describe 'The core' {
    It 'does not mention PowerShell, cmdlets or parameters' {
        $terms = 'PowerShell', 'cmdlet', '\b[A-Z][a-z]+-PgEdge[A-Z]\w+',
            "[ '``]-(Path|AuditPath|NoAudit|Credential|TimeoutSec|Confirm)\b"

        Get-Source PgEdgeUsers.Core | Select-String -Pattern $terms |
            ForEach-Object { "$($_.Filename):$($_.LineNumber): $($_.Line.Trim())" } |
            Should -BeNullOrEmpty
    }

    $services = 'Sessions', 'SignIn', 'Server', 'Services', 'Review'

    It 'has no dependency of <Folder> on <Others>' -ForEach @(
        @{ Folder = 'Storage'; Others = $services + 'UserFiles', 'History', 'Audit', 'Passwords', 'Accounts', 'Yaml' }
        @{ Folder = 'Yaml'; Others = $services + 'UserFiles', 'History', 'Audit', 'Passwords', 'Accounts', 'Storage' }
        @{ Folder = 'Accounts'; Others = $services + 'UserFiles', 'History', 'Audit', 'Passwords', 'Storage' }
        @{ Folder = 'Passwords'; Others = $services + 'UserFiles', 'History', 'Audit', 'Accounts', 'Yaml' }
        @{ Folder = 'UserFiles'; Others = $services }
        @{ Folder = 'History'; Others = $services }
        @{ Folder = 'Audit'; Others = $services }
        @{ Folder = 'Sessions'; Others = 'SignIn', 'Server', 'Services', 'Review' }
        @{ Folder = 'Server'; Others = 'UserFiles', 'SignIn', 'Services', 'Review' }
        @{ Folder = 'Review'; Others = 'Sessions', 'SignIn', 'Server', 'Services' }
    ) {
        $pattern = "^using PgEdgeUsers\.Core\.($($Others -join '|'));"

        Get-Source PgEdgeUsers.Core/$Folder | Select-String -Pattern $pattern -CaseSensitive |
            ForEach-Object { "$($_.Filename): $($_.Line)" } |
            Should -BeNullOrEmpty
    }
}

Describe 'The sources' {
    It 'have at most 350 lines in a file' {
        Get-Source . | Where-Object { (Get-Content $_).Count -gt 350 } | Should -BeNullOrEmpty
    }

    It 'have at most 120 columns in a line, like the tests' {
        Get-ChildItem $source, $source/../tests -Recurse -Include *.cs, *.ps1 |
            Where-Object FullName -NotMatch '[\\/](obj|bin)[\\/]' | Select-String '^.{121}' |
            ForEach-Object { "$($_.Filename):$($_.LineNumber)" } | Should -BeNullOrEmpty
    }
}

Describe 'The module' {
    It 'has at most two abstract classes above a cmdlet' {
        $commands = Get-Command -Module PgEdgeUsers
        $commands | Should -Not -BeNullOrEmpty

        foreach ($command in $commands) {
            $depth = 0
            $cmdlet = $command.ImplementingType
            for ($type = $cmdlet.BaseType; $type.Assembly -eq $cmdlet.Assembly; $type = $type.BaseType) {
                $depth++
            }
            $depth | Should -BeLessOrEqual 2 -Because "of $command"
            $command.ImplementingType.IsSealed | Should -BeTrue -Because "of $command"
        }
    }

    # A change of this file is a change that users notice: it belongs in CHANGELOG.md, too.
    It 'has the public surface that PublicSurface.txt lists' {
        $base = [System.Management.Automation.PSCmdlet]
        $common = $base::CommonParameters + $base::OptionalCommonParameters
        $surface = @(
            foreach ($command in Get-Command -Module PgEdgeUsers | Sort-Object Name) {
                $command.Name
                $command.Parameters.Values | Where-Object Name -NotIn $common | Sort-Object Name | ForEach-Object {
                    $aliases = if ($_.Aliases) { ' ' + ($_.Aliases -join ', ') }
                    "  -$($_.Name) [$($_.ParameterType -replace '^System\.')]$aliases"
                }
            }
            $types = (Get-Command Get-PgEdgeUser).ImplementingType.Assembly.GetExportedTypes()
            foreach ($type in $types | Where-Object Name -Like PgEdge* | Sort-Object Name) {
                $type.Name
                if ($type.IsEnum) {
                    '  ' + ($type.GetEnumNames() -join ', ')
                }
                else {
                    $type.GetProperties('Public, Instance, DeclaredOnly') | Sort-Object Name |
                        ForEach-Object { "  $($_.Name) [$($_.PropertyType -replace '^System\.')]" }
                }
            }
        )
        $approved = Join-Path $PSScriptRoot PublicSurface.txt
        if ($env:PGEDGEUSERS_APPROVE) {
            Set-Content $approved $surface
        }

        $surface | Should -BeExactly (Get-Content $approved)
    }
}
