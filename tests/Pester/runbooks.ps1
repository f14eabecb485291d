# Runs the runbooks in docs/runbooks for $file, the user file of a test. Requires common.ps1.

$runbooks = Join-Path $PSScriptRoot ../../docs/runbooks -Resolve
# As if the module was installed for all users, and pwsh was on the path.
$env:PSModulePath = (Split-Path $ModulePath) + [System.IO.Path]::PathSeparator + $env:PSModulePath
$env:NO_COLOR = '1'
if (-not $IsWindows) {
    $bin = New-Item (Join-Path $TestDrive bin) -ItemType Directory
    Set-Content $bin/pwsh "#!/bin/sh`nexec '$($ShellCommand -join "' '")' `"`$@`""
    chmod +x $bin/pwsh
}

# Runs a program in the folder of $file, which is the user file, and returns what it prints.
function Invoke-Program([string] $Program, [string[]] $Arguments) {
    $env:PGEDGE_AUTH_USER_FILE = $file
    Push-Location (Split-Path $file)
    try {
        $output = @(& $Program $Arguments 2> (Join-Path $TestDrive stderr))
        $code = $LASTEXITCODE
    }
    finally {
        Pop-Location
    }
    $errors = @(Get-Content (Join-Path $TestDrive stderr))
    Assert-NoSecret $output $errors
    [pscustomobject] @{ ExitCode = $code; Output = $output.Where({ $_ }); Errors = $errors }
}

function Invoke-Runbook([string] $Name) {
    $program, $arguments = @($ShellCommand) + '-NonInteractive', '-NoProfile', '-File', "$runbooks/$Name" + $args
    Invoke-Program $program $arguments
}

# Runs a command line in this process.
function Invoke-Here([string] $Line) {
    $env:PGEDGE_AUTH_USER_FILE = $file
    $name, $arguments = $Line -split ' ', 2
    $console, $captured = [Console]::Error, [System.IO.StringWriter]::new()
    Push-Location (Split-Path $file)
    [Console]::SetError($captured)
    try {
        & ([scriptblock]::Create("& '$runbooks/$name' $arguments")) | Should -BeNullOrEmpty
    }
    finally {
        [Console]::SetError($console)
        Pop-Location
    }
    [pscustomobject] @{ ExitCode = $LASTEXITCODE; Errors = "$captured".Trim() -split '\r?\n' }
}

# A file in the folder of the user file.
function Set-Roster([string] $Text, [string] $Name = 'roster.csv') {
    Set-Content (Join-Path (Split-Path $file) $Name) $Text
}

function Get-Handout {
    @(Get-ChildItem (Split-Path $file) -Recurse -Filter passwords*.csv)
}

function Get-User {
    Get-PgEdgeUser -Path $file | ForEach-Object { "$_ $($_.Status) $($_.Annotation)" }
}

function Get-Reason {
    Get-PgEdgeAuditEvent -Path $file | ForEach-Object Reason | Sort-Object -Unique
}

# What the nightly job changes in a new user file, and a roster and a folder for it.
$NightlyChanges = @(
    'Action  Username             Changes'
    '------  --------             -------'
    "Change  alice                Annotation: 'Developer' -> 'Lead'"
    "Add     dora                 Status: Enabled; Annotation: 'Dora'"
)

function Set-NightlyRoster {
    Set-Roster "Username,Annotation,Status`nalice,Lead,`nbob,Admin,Enabled`ndora,Dora,"
    $null = New-Item (Join-Path (Split-Path $file) handouts) -ItemType Directory
}
