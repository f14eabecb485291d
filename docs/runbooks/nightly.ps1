<#
.SYNOPSIS
    Makes the users match a roster. For a nightly job.
.DESCRIPTION
    Adds users who are new in the roster, changes those who differ, and disables those whom the roster does not name.
    An empty roster, one that names a user twice, and one that would disable more than half of the users are errors.

    Prints a table of the users that were changed. The exit code is 0 if there was nothing to do, 2 if users were
    changed, and 1 if it failed and nothing was changed. The error is one line on standard error.
.PARAMETER RosterPath
    A CSV file with the column Username and, if needed, Annotation and Status.
.PARAMETER Missing
    What to do with users whom the roster does not name: Ignore, Disable or Remove.
.PARAMETER HandoutFolder
    Gives new users generated passwords, which are written to a new CSV file in this folder. Without it, an enabled user
    who is new in the roster is an error.
.PARAMETER Reason
    The reason, for the audit events.
.EXAMPLE
    ./nightly.ps1 -RosterPath roster.csv -HandoutFolder . -WhatIf

    Shows what would be done.
#>
#Requires -Version 7.4
#Requires -Modules PgEdgeUsers
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)] [string] $RosterPath,
    [ValidateSet('Ignore', 'Disable', 'Remove')] [string] $Missing = 'Disable',
    [string] $HandoutFolder,
    [string] $Reason = 'Nightly job'
)

$ErrorActionPreference = 'Stop'
trap { [Console]::Error.WriteLine("nightly.ps1: $_"); exit 1 }

# A job must not create a user file: that it is missing is an error.
$null = Get-PgEdgeUser

$handout = @{}
if ($HandoutFolder) {
    $handout.GeneratePassword = $true
    $handout.HandoutPath = Join-Path $HandoutFolder "passwords-$(Get-Date -Format FileDateTime).csv"
}
$changed = @(Import-Csv -LiteralPath $RosterPath |
        Sync-PgEdgeUser -Missing $Missing @handout -Reason $Reason -Confirm:$false |
        Where-Object Action -NE None)
$changed | Out-Host
exit $changed ? 2 : 0
