#!/usr/bin/env pwsh
<#
.SYNOPSIS
    Builds, tests and packages the module.
.DESCRIPTION
    Build    dotnet build: stages the module in out/PgEdgeUsers
    Test     dotnet test
    Package  dotnet pack src/PgEdgeUsers: out/PgEdgeUsers.<version>.nupkg, for Install-PSResource and Install-Module
    Shell    dotnet run --project src/PgEdgeUsers: PowerShell with the module
    Clean    removes what the others created
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Package', 'Shell', 'Clean')]
    [string[]] $Task = 'Build'
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
Push-Location $PSScriptRoot
try {
    switch ($Task) {
        Build { dotnet build }
        Test { dotnet test }
        Package { dotnet pack src/PgEdgeUsers }
        Shell { dotnet run --project src/PgEdgeUsers }
        Clean {
            dotnet clean --verbosity quiet
            Remove-Item out -Recurse -ErrorAction Ignore
        }
    }
}
finally {
    Pop-Location
}
