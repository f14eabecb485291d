#!/usr/bin/env pwsh
<#
.SYNOPSIS
    Builds, tests and packages the module.
.DESCRIPTION
    Build    dotnet build: stages the module in out/PgEdgeUsers
    Test     dotnet test
    Pester   the suite in tests/Pester on the staged module; builds it first if there is none
    Package  dotnet pack src/PgEdgeUsers: out/PgEdgeUsers.<version>.nupkg, for Install-PSResource and Install-Module
    Clean    removes what the others made
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Pester', 'Package', 'Clean')]
    [string[]] $Task = 'Build'
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
Push-Location $PSScriptRoot
try {
    switch ($Task) {
        Build { dotnet build }
        Test { dotnet test }
        Pester {
            if (-not (Test-Path out/PgEdgeUsers/PgEdgeUsers.psd1)) {
                dotnet build
            }
            # In a process of its own: this one may have an earlier build of the module loaded.
            pwsh -NoProfile -NonInteractive -Command '$run = Invoke-Pester ./tests/Pester -PassThru -Output Detailed; exit [int]($run.Result -ne ''Passed'')'
        }
        Package { dotnet pack src/PgEdgeUsers }
        Clean {
            dotnet clean --verbosity quiet
            Remove-Item out -Recurse -ErrorAction Ignore
        }
    }
}
finally {
    Pop-Location
}
