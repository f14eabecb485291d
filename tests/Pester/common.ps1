# For BeforeAll of each suite: imports the module as it is staged, and gives what the suites share.

$ModulePath = Join-Path $PSScriptRoot '../../out/PgEdgeUsers' -Resolve
Import-Module $ModulePath

function New-Secret([string] $Text) {
    [System.Net.NetworkCredential]::new('', $Text).SecurePassword
}

function New-Login([string] $Name, [string] $Text) {
    [pscredential]::new($Name, (New-Secret $Text))
}

# A user file with the seed's three users. The hashes are of cost 4, so that signing in is quick.
function New-UserFile([string] $Name = 'users.yaml') {
    $file = Join-Path $TestDrive "$([guid]::NewGuid())/$Name"
    $null = New-Item $file -Force -Value @'
# Kept by hand.
users:
    alice:
        username: alice
        password_hash: $2a$04$h6555X4AfLy4005/YPacsevnNJs4qGNB9rrVw/o2xwriJdXl1Vst2
        created_at: 2024-10-30T10:15:00Z
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
        annotation: Admin
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
    if (-not $IsWindows) {
        chmod 600 $file
    }
    $file
}

$Passwords = @{ alice = 'correct horse battery'; bob = 'tides under seven lanterns'; charlie = 'plum violin orbit ladder' }

# What a person sees, as text.
function Get-Screen {
    $PSStyle.OutputRendering = 'PlainText'
    @($input | Out-String -Width 120 -Stream | ForEach-Object TrimEnd | Where-Object { $_ })
}
