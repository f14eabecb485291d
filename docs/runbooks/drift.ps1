<#
.SYNOPSIS
    Shows how the users of several hosts differ.
.DESCRIPTION
    Lists the users of all hosts with PowerShell remoting over SSH, and compares those of the other hosts with those of
    the first one: who exists, the status, the annotation, and when the password was set. No password hash leaves a
    host; to compare passwords themselves, use password-drift.ps1.

    Prints one table. The exit code is 0 if nothing differs, 2 if something does, and 1 if a host could not be queried.
    Each error is one line on standard error. Nothing is changed.
.PARAMETER HostName
    The hosts, by names that ssh can resolve. Each needs this module, and PowerShell as a subsystem of its SSH server.
.PARAMETER PassThru
    Returns the differences as objects instead of printing them.
.EXAMPLE
    ./drift.ps1 mcp1, mcp2, mcp3

    Shows how mcp2 and mcp3 differ from mcp1.
.EXAMPLE
    ./drift.ps1 mcp1, mcp2, mcp3 -PassThru | Export-Csv drift.csv

    Writes the differences to a file.
#>
#Requires -Version 7.4
param(
    [Parameter(Mandatory, Position = 0, ValueFromRemainingArguments)]
    [ValidateCount(2, 1000)]
    [string[]] $HostName,
    [switch] $PassThru
)

$ErrorActionPreference = 'Stop'
trap { [Console]::Error.WriteLine("drift.ps1: $_"); exit 1 }

$users = Invoke-Command -HostName $HostName { Get-PgEdgeUser -ErrorAction Stop } `
    -ErrorVariable failures -ErrorAction SilentlyContinue
if ($failures) {
    $failures | ForEach-Object { [Console]::Error.WriteLine("drift.ps1: $($_.OriginInfo) $_") }
    exit 1
}

$first, $others = $HostName -replace '^.*@'
$drift = @(
    foreach ($user in $users | Group-Object Username -CaseSensitive) {
        $expected = $user.Group | Where-Object PSComputerName -EQ $first
        foreach ($name in $others) {
            $actual = $user.Group | Where-Object PSComputerName -EQ $name
            $differences = @(
                if ($expected -and -not $actual) { 'missing' }
                if ($actual -and -not $expected) { 'only here' }
                foreach ($property in 'Status', 'Annotation', 'PasswordLastSet') {
                    $values = $expected, $actual | ForEach-Object { "'{0:s}'" -f $_.$property }
                    if ($expected -and $actual -and $values[0] -cne $values[1]) {
                        "${property}: $($values -join ' -> ')"
                    }
                }
            )
            if ($differences) {
                # Control characters in a name or an annotation could corrupt the terminal.
                [pscustomobject] @{
                    PSComputerName = $name
                    Username = $user.Name -replace '\p{C}', '?'
                    Difference = $differences -join '; ' -replace '\p{C}', '?'
                }
            }
        }
    }
)
$drift = $drift | Sort-Object PSComputerName, Username
if ($PassThru) { $drift } else { $drift | Format-Table -Wrap | Out-Host }
exit $drift ? 2 : 0
