<#
.SYNOPSIS
    Shows how the user files of several hosts differ, including different passwords.
.DESCRIPTION
    Copies the user files with scp to a folder that only you can read, compares the others with the first one, and
    deletes the copies. The hosts do not need PowerShell. Password hashes leave the hosts, encrypted by SSH.

    Prints one table of the changes that would make the users of each host match those of the first one. The exit code
    is 0 if nothing differs, 2 if something does, and 1 if the script failed. The error is one line on standard error.
    Nothing is changed on any host.
.PARAMETER HostName
    The hosts, by names that ssh can resolve. You need an account there that can read the user file.
.PARAMETER UserFile
    The path of the user file on the hosts.
.EXAMPLE
    ./password-drift.ps1 mcp1, mcp2, mcp3

    Shows how mcp2 and mcp3 differ from mcp1.
#>
#Requires -Version 7.4
#Requires -Modules PgEdgeUsers
param(
    [Parameter(Mandatory, Position = 0, ValueFromRemainingArguments)]
    [ValidateCount(2, 1000)]
    [string[]] $HostName,
    [string] $UserFile = '/etc/pgedge/pgedge-postgres-mcp-users.yaml'
)

$ErrorActionPreference = 'Stop'
trap { [Console]::Error.WriteLine("password-drift.ps1: $_"); exit 1 }

$first, $others = $HostName
# The mode of this folder is 0700.
$folder = [System.IO.Directory]::CreateTempSubdirectory('drift-').FullName
try {
    foreach ($name in $HostName) {
        scp -q -p "${name}:$UserFile" "$folder/$name.yaml"
        if ($LASTEXITCODE) {
            throw "scp could not copy '$UserFile' from $name."
        }
    }
    $drift = @(
        foreach ($name in $others) {
            # This changes the copy. With -WhatIf, each difference would be printed twice.
            Sync-PgEdgeUser -ReferencePath "$folder/$first.yaml" -Path "$folder/$name.yaml" -Missing Remove -Force `
                -Confirm:$false -NoAudit -NoHistory | Where-Object Action -NE None |
                Add-Member @{ PSComputerName = $name; PSShowComputerName = $true } -PassThru
        }
    )
}
finally {
    Remove-Item -LiteralPath $folder -Recurse
}
$drift | Out-Host
exit $drift ? 2 : 0
