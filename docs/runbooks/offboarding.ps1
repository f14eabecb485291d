<#
.SYNOPSIS
    Disables people who left, or users who have been inactive for a long time.
.DESCRIPTION
    Either all users are disabled or none: a name that does not exist is an error. Their sessions in the user file end.
    Everything else stays, so Enable-PgEdgeUser can give them access again.

    Prints a table of the users who were disabled. The exit code is 0 if there was nothing to do, 2 if users were
    disabled, and 1 if the script failed and nothing was changed. The error is one line on standard error.
.PARAMETER Username
    The people who left.
.PARAMETER InactiveFor
    The time since the last sign-in, such as 90d. For users who have never signed in, it is the time since they were
    created.
.PARAMETER Reason
    The reason, for the audit events.
.EXAMPLE
    ./offboarding.ps1 alice, bob -Reason 'Ticket 4711'

    Disables two users.
.EXAMPLE
    ./offboarding.ps1 -InactiveFor 90d -Reason 'Inactive for 90 days' -WhatIf

    Shows who would be disabled.
#>
#Requires -Version 7.4
#Requires -Modules PgEdgeUsers
[CmdletBinding(SupportsShouldProcess, DefaultParameterSetName = 'People')]
param(
    [Parameter(Mandatory, Position = 0, ValueFromRemainingArguments, ParameterSetName = 'People')]
    [string[]] $Username,
    [Parameter(Mandatory, ParameterSetName = 'Inactive')] [string] $InactiveFor,
    [Parameter(Mandatory)] [string] $Reason
)

$ErrorActionPreference = 'Stop'
trap { [Console]::Error.WriteLine("offboarding.ps1: $_"); exit 1 }

$who = $Username ? @{ Username = $Username } : @{ InactiveFor = $InactiveFor }
$disabled = @(Get-PgEdgeUser @who | Where-Object Enabled | Disable-PgEdgeUser -Reason $Reason -PassThru)
$disabled | Out-Host
exit $disabled ? 2 : 0
