<#
.SYNOPSIS
    Generates new passwords for enabled users whose passwords are old.
.DESCRIPTION
    The generated passwords are written to a new CSV file that only you can read. Hand them out and delete the file.

    Prints a table of the users with new passwords. The exit code is 0 if there was nothing to do, 2 if passwords were
    set, and 1 if the script failed and nothing was changed. The error is one line on standard error.
.PARAMETER OlderThan
    The age from which passwords are replaced, such as 365d.
.PARAMETER HandoutFolder
    The folder for the file with the passwords.
.PARAMETER IncludeUnknown
    Also replaces passwords whose age is unknown because another program set them.
.PARAMETER Reason
    The reason, for the audit events.
.EXAMPLE
    ./rotation.ps1 -OlderThan 365d -HandoutFolder . -WhatIf

    Shows who would get a new password.
#>
#Requires -Version 7.4
#Requires -Modules PgEdgeUsers
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)] [string] $OlderThan,
    [Parameter(Mandatory)] [string] $HandoutFolder,
    [switch] $IncludeUnknown,
    [string] $Reason = "Password older than $OlderThan"
)

$ErrorActionPreference = 'Stop'
trap { [Console]::Error.WriteLine("rotation.ps1: $_"); exit 1 }

$users = Get-PgEdgeUser -Status Enabled -PasswordOlderThan $OlderThan
if ($IncludeUnknown) {
    $users = @($users) + @(Get-PgEdgeUser -Status Enabled | Where-Object { -not $_.PasswordLastSet })
}
$handout = Join-Path $HandoutFolder "passwords-$(Get-Date -Format FileDateTime).csv"
$changed = @($users | Set-PgEdgeUser -GeneratePassword -HandoutPath $handout -Reason $Reason -PassThru)
$changed | Format-Table Username, PasswordLastSet, Annotation | Out-Host
exit $changed ? 2 : 0
