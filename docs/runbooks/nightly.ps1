<#
.SYNOPSIS
    Makes the users match a roster, as a nightly job.
.DESCRIPTION
    Adds users who are new in the roster, changes those who differ, and disables those who are not in it. It is an error
    if the roster is empty, lists a user twice, or would disable more than half of the users.

    Prints a table of the users who were changed. The exit code is 0 if there was nothing to do, 2 if users were
    changed, and 1 if the script failed and nothing was changed. The error is one line on standard error.
.PARAMETER RosterPath
    A CSV file with the column Username and, if needed, Annotation and Status.
.PARAMETER Missing
    What to do with users who are not in the roster: Ignore, Disable or Remove.
.PARAMETER HandoutFolder
    The folder for a new CSV file with generated passwords for new users. Without this parameter, an enabled user who is
    new in the roster is an error.
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

# A job must not create a user file: a missing one is an error.
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
