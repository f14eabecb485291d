# New-PgEdgeSession, at a server.

BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/server.ps1
    $right = New-Secret $Passwords.alice
    $login = New-Login alice
}

Describe 'New-PgEdgeSession, at a server' {
    BeforeAll {
        $server = Start-TestServer
        $uri = $server.Uri
        $password = $right
    }

    BeforeEach {
        Send-TestServer $server reset
    }

    AfterAll {
        Stop-TestServer $server
    }

    It 'opens a session that the server knows: <_>' -ForEach @(
        { New-PgEdgeSession $login -Uri $uri }
        { $login | New-PgEdgeSession -Uri $uri }
        { New-PgEdgeSession -Username alice -Password $right -Uri $uri }
        { [pscustomobject]@{ User = 'alice'; Password = $right; Uri = $uri } | New-PgEdgeSession }
    ) {
        $session = & $_

        $session.Username | Should -Be alice
        $session.Path | Should -BeNullOrEmpty
        $session.Uri | Should -Be ([uri] $uri)
        $session.ExpiresAt.Kind | Should -Be Local
        $session.ExpiresAt | Should -BeGreaterThan ([datetime]::Now.AddHours(23))
        $session.ExpiresAt | Should -BeLessThan ([datetime]::Now.AddHours(25))
        $session.IsExpired | Should -BeFalse
        $session | Test-PgEdgeSession | Should -BeTrue
        Send-TestServer $server requests | Should -Be 'POST /mcp/v1', 'GET /api/user/info'
    }

    It 'hands out a token that Invoke-RestMethod takes as a bearer token' {
        $session = New-PgEdgeSession $login -Uri $uri

        $call = @{ jsonrpc = '2.0'; id = 2; method = 'tools/list' } | ConvertTo-Json
        $request = @{ Uri = "$uri/mcp/v1"; Method = 'Post'; ContentType = 'application/json'; Body = $call }
        $token = @{ Authentication = 'Bearer'; Token = $session.Token; AllowUnencryptedAuthentication = $true }
        $answer = Invoke-RestMethod @request @token
        $answer.result.tools.name | Should -Contain query_database
    }

    It 'sends a name with any characters unchanged' {
        $name = 'Zoë "the" \ O''Brien'
        Send-TestServer $server user $name $Passwords.alice

        "$(New-PgEdgeSession -Username $name -Password $right -Uri $uri)" | Should -Be $name
    }

    It 'sends nothing: <_>' -ForEach @(
        { New-PgEdgeSession $login -Uri $uri -WhatIf }
        { New-PgEdgeSession -Username alice -Password $right -Uri $uri -WhatIf }
        { $WhatIfPreference = $true; New-PgEdgeSession $login -Uri $uri }
    ) {
        $result = Invoke-Script $_

        $result.Output + $result.Errors | Should -BeNullOrEmpty
        Send-TestServer $server requests | Should -BeNullOrEmpty
    }

    It '<Id>: the server answers <Answer>' -ForEach @(
        @{
            Id = 'AuthenticationFailed'; Category = 'AuthenticationError'
            Answer = 'tool-error', 'authentication failed: user account is disabled'
        }
        @{
            Id = 'TooManyAttempts'; Category = 'LimitsExceeded'
            Answer = 'tool-error', 'too many failed authentication attempts from this IP address'
        }
        @{
            Id = 'ServerResponseInvalid'; Category = 'InvalidResult'
            Answer = 'tool-result', 'Authentication successful'
        }
        @{ Id = 'ServerUnreachable'; Category = 'ConnectionError'; Answer = 'raw', '' }
        @{ Id = 'ServerTimeout'; Category = 'OperationTimeout'; Answer = , 'never' }
    ) {
        Send-TestServer $server @Answer

        $result = Invoke-Script { New-PgEdgeSession $login -Uri $uri -TimeoutSec 1 -Verbose -Debug }

        $result.Output | Should -BeNullOrEmpty
        $result.Errors.FullyQualifiedErrorId | Should -Be "$Id,PgEdgeUsers.Commands.NewPgEdgeSessionCommand"
        $result.Errors.CategoryInfo.Category | Should -Be $Category
        $result.Errors.TargetObject | Should -Be alice
        "$($result.Errors)" | Should -Match $server.Authority
    }

    It '<Id>: <Command>' -ForEach @(
        @{
            Id = 'InvalidServerUri'; Category = 'InvalidArgument'
            Command = { New-PgEdgeSession $login -Uri mcp.example.test:8080 }
        }
        @{
            Id = 'NotAServerSession'; Category = 'InvalidArgument'
            Command = { New-PgEdgeSession $login -Path (New-UserFile) | New-PgEdgeSession -Credential $login }
        }
        @{
            Id = 'InvalidServerUri'; Category = 'InvalidArgument'
            Command = { New-PgEdgeSession $login -Uri http://mcp.example.test }
        }
        @{
            Id = 'ServerUnreachable'; Category = 'ConnectionError'
            Command = { New-PgEdgeSession $login -Uri http://no-such-host.invalid -AllowUnencryptedAuthentication }
        }
        @{
            Id = 'ParameterArgumentValidationError'; Category = 'InvalidData'
            Command = { New-PgEdgeSession $login -Uri $uri -TimeoutSec 0 }
        }
        @{
            Id = 'AmbiguousParameterSet'; Category = 'InvalidArgument'
            Command = { New-PgEdgeSession $login -Uri $uri -MaxFailedAttempts 3 }
        }
        @{
            Id = 'AmbiguousParameterSet'; Category = 'InvalidArgument'
            Command = { New-PgEdgeSession $login -Uri $uri -MaxSessions 3 }
        }
        @{
            Id = 'AmbiguousParameterSet'; Category = 'InvalidArgument'
            Command = { New-PgEdgeSession $login -Uri $uri -Lifetime 1:00 }
        }
    ) {
        $result = Invoke-Script $Command

        $result.Output | Should -BeNullOrEmpty
        $result.Errors.FullyQualifiedErrorId | Should -Be "$Id,PgEdgeUsers.Commands.NewPgEdgeSessionCommand"
        $result.Errors.CategoryInfo.Category | Should -Be $Category
        Send-TestServer $server requests | Should -BeNullOrEmpty
    }

    It 'repeats no password that an address contains' {
        $secret = 'tides-under-seven-lanterns'
        $null = New-Secret $secret

        $failure = (Invoke-Script { New-PgEdgeSession $login -Uri "https://alice:$secret@mcp.example.test" }).Errors

        $failure.FullyQualifiedErrorId | Should -Be 'InvalidServerUri,PgEdgeUsers.Commands.NewPgEdgeSessionCommand'
        "$failure" | Should -Not -Match '-AllowUnencryptedAuthentication'
    }

    It 'names -AllowUnencryptedAuthentication only in the error about plain HTTP' {
        "$((Invoke-Script { New-PgEdgeSession $login -Uri http://mcp.example.test }).Errors)" |
            Should -Match '-AllowUnencryptedAuthentication'
    }

    It 'rejects a certificate that is not trusted, unless -SkipCertificateCheck is given' {
        $https = Start-TestServer -Certificate Expired

        $result = Invoke-Script { New-PgEdgeSession $login -Uri $https.Uri }
        $result.Errors.FullyQualifiedErrorId |
            Should -Be 'ServerCertificateInvalid,PgEdgeUsers.Commands.NewPgEdgeSessionCommand'
        $result.Errors.CategoryInfo.Category | Should -Be SecurityError
        Send-TestServer $https requests | Should -BeNullOrEmpty

        New-PgEdgeSession $login -Uri $https.Uri -SkipCertificateCheck | Test-PgEdgeSession -SkipCertificateCheck |
            Should -BeTrue
        Stop-TestServer $https
    }

    It 'goes on with the next login after one that fails' {
        $logins = $login, (New-Login alice 'not the right password'), $login
        $result = Invoke-Script { $logins | New-PgEdgeSession -Uri $uri }

        $result.Output.Username | Should -Be alice, alice
        $result.Failures | Should -Be 'AuthenticationFailed: alice'
    }

    It 'ends the first session of a user with the second' {
        $sessions = $login, $login | New-PgEdgeSession -Uri $uri

        $sessions | Test-PgEdgeSession | Should -Be $false, $true
    }

    It 'is stopped by Ctrl+C while it waits for the answer' {
        Send-TestServer $server never
        $shell = New-PowerShell 'New-PgEdgeSession $args[0] -Uri $args[1] -TimeoutSec 3600'
        $running = $shell.AddArgument($login).AddArgument($uri).BeginInvoke()
        while (-not (Send-TestServer $server requests) -and -not $running.IsCompleted) { }

        $shell.BeginStop($null, $null).AsyncWaitHandle.WaitOne([timespan]::FromSeconds(15)) | Should -BeTrue

        $shell.InvocationStateInfo.State | Should -Be Stopped
        $shell.Dispose()
    }

    It 'records name and outcome only in the audit file of -AuditPath, and leaves nothing next to the user file' {
        $file = New-UserFile
        $env:PGEDGE_AUTH_USER_FILE = $file
        $audit = Join-Path $TestDrive "$([guid]::NewGuid()).jsonl"

        $null = Invoke-Script {
            $login | New-PgEdgeSession -Uri $uri
            $login, (New-Login alice 'not the right password') | New-PgEdgeSession -Uri $uri -AuditPath $audit
        }

        Get-PgEdgeAuditEvent -AuditPath $audit |
            ForEach-Object { "$($_.Event) $($_.Username) $($_.Success) $($_.Reason) $($_.Target)" } |
            Should -Be "SignIn alice True  $($server.Authority)",
                "SignIn alice False AuthenticationFailed $($server.Authority)"
        Get-Sidecar $file | Should -BeNullOrEmpty
    }
}
