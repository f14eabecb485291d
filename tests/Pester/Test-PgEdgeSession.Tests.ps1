# Test-PgEdgeSession: whether a session counts, and what ends one.

BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/server.ps1
    $alice = New-Login alice
    $bob = New-Login bob
    $wrong = New-Secret 'not the right password'
    $new = New-Secret $Passwords.new
}

Describe 'Test-PgEdgeSession' {
    BeforeEach {
        $file = New-UserFile
        $session = New-PgEdgeSession $alice -Path $file
        $listed = Get-PgEdgeSession -Path $file
    }

    It 'tells a session that counts from one that has ended: <_>' -ForEach @(
        { $session | Test-PgEdgeSession }
        { Test-PgEdgeSession $session }
        { Test-PgEdgeSession -Session $session -Path $file }
        { Test-PgEdgeSession -Token $session.Token -Path $file }
        { $session.Token | Test-PgEdgeSession -Path $file }
        { $listed | Test-PgEdgeSession }
        { $session | ConvertTo-Deserialized | Test-PgEdgeSession }
        { $listed | ConvertTo-Deserialized | Test-PgEdgeSession }
    ) {
        & $_ | Should -Be $true
        Remove-PgEdgeSession -All -Path $file
        & $_ | Should -Be $false
    }

    It 'takes an id only for its own user, and only without a token that is wrong: <Command>' -ForEach @(
        @{ Command = { [pscustomobject]@{ Id = $session.Id; Path = $file } }; Counts = $true }
        @{ Command = { [pscustomobject]@{ Id = $session.Id; Username = 'bob'; Path = $file } }; Counts = $false }
        @{ Command = { [pscustomobject]@{ Token = $session.Token; Username = 'bob'; Path = $file } }; Counts = $false }
        @{
            Command = { [pscustomobject]@{ Id = $session.Id; Token = [securestring]::new(); Path = $file } }
            Counts = $false
        }
        @{ Command = { [pscustomobject]@{ Id = '01234567'; Path = $file } }; Counts = $false }
    ) {
        & $Command | Test-PgEdgeSession | Should -Be $Counts
    }

    It 'is an error for what is not a session, and does not repeat it: <_>' -ForEach @(
        { 'a-token-as-plain-text' | Test-PgEdgeSession -Path $file }
        { [pscustomobject]@{ Token = 'a-token-as-plain-text' } | Test-PgEdgeSession -Path $file }
        { [pscustomobject]@{ Id = $session.Id; Token = 'a-token-as-plain-text'; Path = $file } | Test-PgEdgeSession }
        { [pscustomobject]@{ Id = $session.Id; Token = @{ Length = 44 }; Path = $file } | Test-PgEdgeSession }
        { [pscustomobject]@{ Token = 'a-token-as-plain-text'; Uri = 'http://' } | Test-PgEdgeSession }
        { Get-PgEdgeUser alice -Path $file | Test-PgEdgeSession }
        { Test-PgEdgeSession -Token ([securestring]::new()) -Path $file }
    ) {
        $null = New-Secret 'a-token-as-plain-text'

        $result = Invoke-Script $_

        $result.Output | Should -BeNullOrEmpty
        $result.Errors.FullyQualifiedErrorId | Should -Be 'NotASession,PgEdgeUsers.Commands.TestPgEdgeSessionCommand'
        $result.Errors.CategoryInfo.Category | Should -Be InvalidArgument
        $result.Errors.TargetObject | Should -BeNullOrEmpty
    }

    It 'fails if the sessions file is damaged, and says what to do' {
        Set-Content "$file.sessions.json" '{"version":1,"sess'

        $failure = (Invoke-Script { Test-PgEdgeSession $session }).Errors

        $failure.FullyQualifiedErrorId | Should -Be 'SessionFileInvalid,PgEdgeUsers.Commands.TestPgEdgeSessionCommand'
        $failure.CategoryInfo.Category | Should -Be InvalidData
        "$failure" | Should -Match 'Remove it'
    }

    It 'finds that a session has expired, as IsExpired does here and in a copy from another process' {
        $session.IsExpired, ($session | ConvertTo-Deserialized).IsExpired | Should -Be $false, $false

        $short = New-PgEdgeSession $alice -Lifetime ([timespan]::FromMilliseconds(1)) -Path $file
        while ([datetime]::UtcNow -lt $short.IssuedAt.ToUniversalTime().AddMilliseconds(1)) { }

        $short.IsExpired, ($short | ConvertTo-Deserialized).IsExpired | Should -Be $true, $true
        $short | Test-PgEdgeSession | Should -BeFalse
    }
}

Describe 'Sessions of a user file after a change of the account' {
    BeforeEach {
        $file = New-UserFile
        $alices = $alice, $alice | New-PgEdgeSession -Path $file
        $bobs = New-PgEdgeSession $bob -Path $file
    }

    It 'end, are recorded, and those of others go on: <_>' -ForEach @(
        { Disable-PgEdgeUser alice -Path $file }
        { Set-PgEdgeUser alice -Password $new -Path $file }
        { Remove-PgEdgeUser alice -Path $file -Confirm:$false }
        { New-PgEdgeSession -Username alice -Password $wrong -MaxFailedAttempts 1 -Path $file -ErrorAction Ignore }
    ) {
        & $_

        @($alices) + $bobs | Test-PgEdgeSession | Should -Be $false, $false, $true
        (Get-PgEdgeSession -Path $file).Username | Should -Be bob
        Get-Text "$file.sessions.json" | Should -Not -Match alice
        (Get-PgEdgeAuditEvent -Event SessionEnded -Path $file).Username | Should -Be alice, alice
    }

    It 'go on: <_>' -ForEach @(
        { Set-PgEdgeUser alice -Annotation 'On leave' -Path $file }
        { Enable-PgEdgeUser alice -Path $file }
        { Disable-PgEdgeUser alice -Path $file -WhatIf }
        { New-PgEdgeSession -Username alice -Password $wrong -Path $file -ErrorAction Ignore }
    ) {
        & $_

        $alices | Test-PgEdgeSession | Should -Be $true, $true
    }

    It 'do not come back when accounts that another program disabled are enabled' {
        Set-UserFile $file (Get-Text $file).Replace('enabled: true', 'enabled: false')
        $alices[0], $bobs | Test-PgEdgeSession | Should -Be $false, $false

        'alice', 'bob' | Enable-PgEdgeUser -Path $file

        $alices[0], $bobs | Test-PgEdgeSession | Should -Be $false, $false
    }

    It 'end and are recorded even if the pipeline is stopped right after the change' {
        $shell = New-PowerShell '
            $changed, $go = $args
            $before = Get-Content $file -Raw
            Disable-PgEdgeUser alice -Path $file -Verbose 4>&1 | ForEach-Object {
                if ((Get-Content $file -Raw) -ne $before) { $changed.Set(); $go.WaitOne() }
            }' $file
        $changed = [System.Threading.ManualResetEvent]::new($false)
        $go = [System.Threading.ManualResetEvent]::new($false)
        $running = $shell.AddArgument($changed).AddArgument($go).BeginInvoke()
        [System.Threading.WaitHandle]::WaitAny(($changed, $running.AsyncWaitHandle)) | Should -Be 0

        $stopping = $shell.BeginStop($null, $null)
        $go.Set()
        $null = $stopping.AsyncWaitHandle.WaitOne()

        $shell.InvocationStateInfo.State | Should -Be Stopped
        (Get-PgEdgeAuditEvent -Path $file).Event | Select-Object -Last 3 |
            Should -Be UserDisabled, SessionEnded, SessionEnded
        $shell.Dispose()
    }
}

Describe 'Test-PgEdgeSession, at a server' {
    BeforeAll {
        $server = Start-TestServer
        $uri = $server.Uri
        $session = New-PgEdgeSession $alice -Uri $uri
    }

    BeforeEach {
        Send-TestServer $server reset
    }

    AfterAll {
        Stop-TestServer $server
    }

    It 'takes a session, a token, and a session from another process: <_>' -ForEach @(
        { $session | Test-PgEdgeSession }
        { Test-PgEdgeSession -Token $session.Token -Uri $uri }
        { $session | ConvertTo-Deserialized | Test-PgEdgeSession }
        { [pscustomobject]@{ Id = $session.Id; Token = $session.Token; Uri = "$uri"; Path = '' } | Test-PgEdgeSession }
    ) {
        & $_ | Should -Be $true
        Send-TestServer $server requests | Should -Be 'GET /api/user/info'
    }

    It 'does not know a token of another server or file: <_>' -ForEach @(
        { Test-PgEdgeSession -Token (New-Secret 'a-token-from-elsewhere') -Uri $uri }
        { Test-PgEdgeSession -Token $session.Token -Path (New-UserFile) }
        { [pscustomobject]@{ Token = $session.Token; Username = 'bob'; Uri = $uri } | Test-PgEdgeSession }
    ) {
        & $_ | Should -Be $false
    }

    It 'sends nothing without a token: <_>' -ForEach @(
        { Test-PgEdgeSession -Token (New-Secret "line`nbreak") -Uri $uri }
        { [pscustomobject]@{ Id = '01234567'; Username = 'alice'; Uri = $uri } | Test-PgEdgeSession }
    ) {
        & $_ | Should -Be $false
        Send-TestServer $server requests | Should -BeNullOrEmpty
    }

    It 'takes status 401 for an unknown token, whatever its body: <Body>' -ForEach @(
        @{ Type = 'text/plain'; Body = 'Unauthorized' }
        @{ Type = 'application/json'; Body = '{"error":"Unauthorized"}' }
    ) {
        Send-TestServer $server answer 401 $Type $Body

        $session | Test-PgEdgeSession | Should -Be $false
    }

    It '<Id>: the server answers <Answer>' -ForEach @(
        @{
            Id = 'ServerResponseInvalid'; Category = 'InvalidResult'
            Answer = 'answer', 200, 'application/json', '{"authenticated":true}'
        }
        @{ Id = 'ServerUnreachable'; Category = 'ConnectionError'; Answer = 'raw', '' }
        @{ Id = 'ServerTimeout'; Category = 'OperationTimeout'; Answer = , 'never' }
    ) {
        Send-TestServer $server @Answer

        $result = Invoke-Script { $session | Test-PgEdgeSession -TimeoutSec 1 }

        $result.Output | Should -BeNullOrEmpty
        $result.Errors.FullyQualifiedErrorId | Should -Be "$Id,PgEdgeUsers.Commands.TestPgEdgeSessionCommand"
        $result.Errors.CategoryInfo.Category | Should -Be $Category
        $result.Errors.TargetObject | Should -Be $server.Authority
    }

    It 'InvalidServerUri, before anything is sent: <_>' -ForEach @(
        { Test-PgEdgeSession -Token $session.Token -Uri http://mcp.example.test }
        { Test-PgEdgeSession -Token $session.Token -Uri mcp.example.test:8080 }
        { [pscustomobject]@{ Id = '1'; Token = $session.Token; Uri = $ldap } | Test-PgEdgeSession }
    ) {
        $ldap = 'ldap://alice:not the right password@mcp.example.test'

        $result = Invoke-Script $_

        $result.Output | Should -BeNullOrEmpty
        $result.Errors.FullyQualifiedErrorId |
            Should -Be 'InvalidServerUri,PgEdgeUsers.Commands.TestPgEdgeSessionCommand'
        $result.Errors.CategoryInfo.Category | Should -Be InvalidArgument
    }

    It 'sends a token over plain HTTP to another machine only with -AllowUnencryptedAuthentication' {
        $result = Invoke-Script {
            Test-PgEdgeSession -Token $session.Token -Uri http://no-such-host.invalid -AllowUnencryptedAuthentication
        }
        $result.Errors.FullyQualifiedErrorId |
            Should -Be 'ServerUnreachable,PgEdgeUsers.Commands.TestPgEdgeSessionCommand'
    }

    It 'rejects a certificate that is not trusted, unless -SkipCertificateCheck is given' {
        $https = Start-TestServer -Certificate Good

        (Invoke-Script { Test-PgEdgeSession -Token $session.Token -Uri $https.Uri }).Errors.FullyQualifiedErrorId |
            Should -Be 'ServerCertificateInvalid,PgEdgeUsers.Commands.TestPgEdgeSessionCommand'
        Send-TestServer $https requests | Should -BeNullOrEmpty

        Test-PgEdgeSession -Token $session.Token -Uri $https.Uri -SkipCertificateCheck | Should -Be $false
        Send-TestServer $https requests | Should -Be 'GET /api/user/info'
        Stop-TestServer $https
    }
}
