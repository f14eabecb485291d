# For the BeforeAll of each test file: imports the staged module and defines what the tests share.

$ModulePath = Join-Path $PSScriptRoot '../../out/PgEdgeUsers' -Resolve
Import-Module $ModulePath

# No setting of this machine may change a test, and no test may reach this account's own user file for want of a -Path.
Get-ChildItem env:PGEDGE_* | Remove-Item
$env:PGEDGE_AUTH_USER_FILE = Join-Path $TestDrive 'no/default.yaml'
# A time zone that is not UTC: a test must fail if local time and UTC are mixed up.
$env:TZ = 'America/Bogota'
[System.TimeZoneInfo]::ClearCachedData()
# Tests of warnings ask for them.
$WarningPreference = 'SilentlyContinue'

$Passwords = @{
    alice = 'correct horse battery'; bob = 'tides under seven lanterns'; charlie = 'plum violin orbit ladder'
    new = 'seven quiet lanterns'
}
$Secrets = [System.Collections.Generic.HashSet[string]]::new()
$LongAgo = [datetime]::new(2001, 2, 3, 4, 5, 6, [DateTimeKind]::Utc)

# What starts another PowerShell like this one. A .NET tool runs in the process of dotnet.
$ShellCommand = @([Environment]::ProcessPath)
if ((Split-Path $ShellCommand[0] -LeafBase) -eq 'dotnet') {
    $ShellCommand += Join-Path $PSHOME pwsh.dll
}

function Invoke-Pwsh {
    & $ShellCommand[0] ($ShellCommand | Select-Object -Skip 1) -NoProfile -NonInteractive @args
}

# A password of 12 characters or more is one that Invoke-Script looks for in all that a script writes.
function New-Secret([string] $Text) {
    if ($Text.Length -ge 12) {
        $null = $Secrets.Add($Text)
    }
    [System.Net.NetworkCredential]::new('', $Text).SecurePassword
}

function New-Login([string] $Name, [string] $Text = $Passwords[$Name]) {
    [pscredential]::new($Name, (New-Secret $Text))
}

# A user file, in a folder of its own, with the three users of the pgEdge documentation. Its hashes of cost 4 make
# signing in fast.
function New-UserFile([string] $Name = 'users.yaml') {
    $folder = [System.IO.Directory]::CreateDirectory((Join-Path $TestDrive ([guid]::NewGuid()))).FullName
    $file = [System.IO.Path]::Combine($folder, $Name)
    Set-UserFile $file @'
# Kept by hand.
users:
    alice:
        username: alice
        password_hash: $2a$04$h6555X4AfLy4005/YPacsevnNJs4qGNB9rrVw/o2xwriJdXl1Vst2
        created_at: 2024-10-30T10:15:00.123456789Z
        last_login: 2024-11-14T09:30:00Z
        enabled: true
        annotation: Developer
        failed_attempts: 0
    bob:
        username: bob
        password_hash: $2a$04$M4el7oUlG8.AzRpUiwSnguiLjKeO99MII7fL9gBEQuHZrfhS0Yr26
        created_at: 2024-10-15T14:20:00Z
        last_login: null
        enabled: true
        annotation: Admin # of the night shift
        failed_attempts: 0
    charlie:
        username: charlie
        password_hash: $2a$04$FK4r48LbgF7OCmh5EZYKNu2xrn9VwGVHV.XBKbpMFBgRoIa6Sumd.
        created_at: 2024-09-01T08:00:00Z
        last_login: 2024-10-10T16:45:00Z
        enabled: false
        annotation: Former emp
        failed_attempts: 3

'@.ReplaceLineEndings("`n")
    $file
}

# Writes a user file as if long ago: one that was written just now is read again until it is certain to be whole.
function Set-UserFile([string] $File, [string] $Content) {
    [System.IO.File]::WriteAllText($File, $Content)
    if (-not $IsWindows) {
        [System.IO.File]::SetUnixFileMode($File, 'UserRead, UserWrite')
    }
    [System.IO.File]::SetLastWriteTimeUtc($File, $LongAgo)
}

function Get-Text([string] $File) {
    [System.IO.File]::ReadAllText($File)
}

# Replaces text of a user file, also as if long ago.
function Edit-UserFile([string] $File, [string] $Old, [string] $New) {
    $text = Get-Text $File
    if (-not $text.Contains($Old)) {
        throw "There is no '$Old' in '$File'."
    }
    Set-UserFile $File $text.Replace($Old, $New)
}

# Whether nothing has written a user file since Set-UserFile or Edit-UserFile.
function Test-Untouched([string] $File) {
    [System.IO.File]::GetLastWriteTimeUtc($File) -eq $LongAgo
}

# The value of a user's field, as it is written in the file.
function Get-Field([string] $File, [string] $Key, [string] $Field) {
    $entry = [regex]::Match((Get-Text $File), "(?m)^    $([regex]::Escape($Key)):\n(        .*\n)+").Value
    [regex]::Match($entry, "(?m)^        ${Field}: (.*)$").Groups[1].Value
}

# The names of the other files in the folder of a user file.
function Get-Sidecar([string] $File) {
    Get-ChildItem -LiteralPath (Split-Path $File) -Force | ForEach-Object Name |
        Where-Object { $_ -ne (Split-Path $File -Leaf) }
}

# Runs a script and returns what it writes, stream by stream. An error that ends it comes last. No secret may be in any
# of it.
function Invoke-Script([scriptblock] $Script) {
    $ErrorActionPreference = $WarningPreference = 'Continue'
    $written = @(& { try { & $Script } catch { $_ } } *>&1)
    $output, $records = $written.Where({
            $_ -isnot [System.Management.Automation.ErrorRecord] -and
            $_ -isnot [System.Management.Automation.InformationalRecord]
        }, 'Split')
    $errors = $records.Where({ $_ -is [System.Management.Automation.ErrorRecord] })
    Assert-NoSecret $written $errors.ForEach({ $_.Exception; $_.TargetObject; $_.ErrorDetails; $_.CategoryInfo })
    [pscustomobject]@{
        Output   = @($output)
        Errors   = @($errors)
        # As 'UserNotFound: dora': the id without its cmdlet, and the target.
        Failures = @($errors.ForEach({ "$($_.FullyQualifiedErrorId -replace ',.*'): $($_.TargetObject)" }))
        Warnings = @($records.Where({ $_ -is [System.Management.Automation.WarningRecord] }).ForEach({ "$_" }))
        Verbose  = @($records.Where({ $_ -is [System.Management.Automation.VerboseRecord] }).ForEach({ "$_" }))
    }
}

# Neither a password of the tests nor a hash of a user file.
function Assert-NoSecret {
    ($args | ForEach-Object { $_ }) -join "`n" |
        Should -Not -Match (@($Secrets.ForEach({ [regex]::Escape($_) })) + '\$2a\$' -join '|')
}

# A script in a runspace of its own, where nobody can be asked: its progress can be read, and it can be stopped as by
# Ctrl+C. $file is the user file.
function New-PowerShell([string] $Script, [string] $File) {
    $shell = [powershell]::Create()
    $null = $shell.AddScript("Import-Module '$ModulePath'; `$file = `$args[0]").AddArgument($File).Invoke()
    $shell.Commands.Clear()
    $shell.AddScript($Script)
}

# Runs a script in a PowerShell process of its own and returns the lines that it shows, without color. Answers are what
# its user types; if there are none, nobody can be asked. In the environment, $null removes a variable.
function Invoke-Shell([string] $Script, [string[]] $Answers, [hashtable] $Environment = @{}) {
    $path = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
    Set-Content $path "`$PSStyle.OutputRendering = 'PlainText'`nImport-Module '$ModulePath'`n$Script"
    $program, $arguments = @($ShellCommand) + '-NoProfile' + @(if (-not $Answers) { '-NonInteractive' })
    $before = @{}
    foreach ($name in $Environment.Keys) {
        $before[$name] = [Environment]::GetEnvironmentVariable($name)
        Set-Item "env:$name" $Environment[$name]
    }
    try {
        $Answers | & $program @arguments -File $path 2>&1 | ForEach-Object { "$_" }
    }
    finally {
        foreach ($name in $before.Keys) {
            Set-Item "env:$name" $before[$name]
        }
    }
}

# An object as it comes back from another process.
function ConvertTo-Deserialized {
    $type = [System.Management.Automation.PSSerializer]
    $input | ForEach-Object { $type::Deserialize($type::Serialize($_)) }
}

# What a person sees, as text.
function Get-Screen {
    $PSStyle.OutputRendering = 'PlainText'
    @($input | Out-String -Width 120 -Stream | ForEach-Object TrimEnd | Where-Object { $_ })
}
