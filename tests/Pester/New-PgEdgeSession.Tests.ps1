# New-PgEdgeSession, against a user file. Signing in to a server: see ServerSignIn.Tests.ps1.

BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/server.ps1
    . $PSScriptRoot/terminal.ps1
    $right = New-Secret $Passwords.alice
    $wrong = New-Secret 'not the right password'
    $login = New-Login alice
}

Describe 'New-PgEdgeSession, against a user file' {
    BeforeEach {
        $file = New-UserFile
    }

    It 'opens a session for 24 hours: <_>' -ForEach @(
        { New-PgEdgeSession $login -Path $file }
        { New-PgEdgeSession -Credential $login -UserFile $file }
        { $login | New-PgEdgeSession -Path $file }
        { New-PgEdgeSession -Username alice -Password $right -Path $file }
        { New-PgEdgeSession -Name alice -Password $right -Path $file }
        { [pscustomobject]@{ User = 'alice'; Password = $right } | New-PgEdgeSession -Path $file }
    ) {
        $before = [datetime]::Now

        $session = & $_

        $session.pstypenames[0] | Should -Be PgEdgeUsers.PgEdgeSession
        "$session" | Should -Be alice
        $session.Username | Should -Be alice
        $session.Path | Should -Be $file
        $session.Uri | Should -BeNullOrEmpty
        $session.IsExpired | Should -BeFalse
        $session.IssuedAt | Should -BeGreaterOrEqual $before
        $session.IssuedAt | Should -BeLessOrEqual ([datetime]::Now)
        $session.ExpiresAt.ToUniversalTime() - $session.IssuedAt.ToUniversalTime() |
            Should -Be ([timespan]::FromHours(24))
    }

    It 'hands out a new token of 32 bytes in base64url each time, and keeps none' {
        $tokens = 1..3 | ForEach-Object { (New-PgEdgeSession $login -Path $file).Token } | ForEach-Object {
            $_ | Should -BeOfType securestring
            ConvertFrom-SecureString $_ -AsPlainText
        }

        $tokens | Should -MatchExactly '^[-_A-Za-z0-9]{43}=$'
        $tokens | Select-Object -Unique | Should -HaveCount 3
        $kept = Get-ChildItem (Split-Path $file) -Force | Get-Content -Raw
        foreach ($token in $tokens) {
            $kept | Should -Not -Match ([regex]::Escape($token))
        }
    }

    It 'records the sign-in and forgets the failed attempts before it' {
        New-PgEdgeSession -Username alice -Password $wrong -Path $file -ErrorAction Ignore
        Get-Field $file alice failed_attempts | Should -Be 1

        $session = New-PgEdgeSession $login -Path $file

        Get-Field $file alice failed_attempts | Should -Be 0
        $user = Get-PgEdgeUser alice -Path $file
        $user.LastLogin | Should -BeGreaterThan $session.IssuedAt.AddMinutes(-1)
        $user.LastLogin | Should -BeLessOrEqual $session.IssuedAt
    }

    It 'takes several logins from the pipeline and answers each' {
        $result = Invoke-Script {
            (New-Login alice), (New-Login bob 'not the right password'), (New-Login alice 'not the right password'),
            (New-Login bob) | New-PgEdgeSession -Path $file
        }

        $result.Output.Username | Should -Be alice, bob
        $result.Failures | Should -Be 'AuthenticationFailed: bob', 'AuthenticationFailed: alice'
    }

    It 'lasts as long as -Lifetime says: <Lifetime>' -ForEach @(
        @{ Lifetime = '00:05:00'; Expected = [timespan]::FromMinutes(5) }
        @{ Lifetime = '12h'; Expected = [timespan]::FromHours(12) }
        @{ Lifetime = [timespan]::FromDays(365); Expected = [timespan]::FromDays(365) }
    ) {
        $session = New-PgEdgeSession $login -Lifetime $Lifetime -Path $file

        $session.ExpiresAt.ToUniversalTime() - $session.IssuedAt.ToUniversalTime() | Should -Be $Expected
    }

    It 'ends the oldest sessions of the user for a new one with -MaxSessions, and records it' {
        $bobs = New-PgEdgeSession (New-Login bob) -Path $file
        $sessions = 1..4 | ForEach-Object { New-PgEdgeSession $login -MaxSessions 2 -Path $file }

        $bobs, $sessions | ForEach-Object { $_ } | Test-PgEdgeSession | Should -Be $true, $false, $false, $true, $true
        Get-PgEdgeAuditEvent -Event SessionEnded -Path $file | ForEach-Object { "$($_.Username) $($_.Reason)" } |
            Should -Be 'alice too many sessions', 'alice too many sessions'
    }

    It 'allows 10 sessions per user by default' {
        $sessions = 1..11 | ForEach-Object { New-PgEdgeSession $login -Path $file }

        $sessions | Test-PgEdgeSession | Should -Be (@($false) + @($true) * 10)
    }

    It 'signs nobody in with -WhatIf' {
        (Invoke-Script { New-PgEdgeSession $login -Path $file -WhatIf }).Output | Should -BeNullOrEmpty

        Test-Untouched $file | Should -BeTrue
        Get-Sidecar $file | Should -BeNullOrEmpty
    }

    It 'is stopped by Ctrl+C while it waits for another process that changes the file' {
        $holder = Start-Helper hold $file
        $null = $holder.StandardOutput.ReadLine()
        $shell = New-PowerShell 'New-PgEdgeSession $args[0] -Path $file -Verbose' $file
        $running = $shell.AddArgument($login).BeginInvoke()
        while (-not $shell.Streams.Verbose.Count -and -not $running.IsCompleted) {
            Start-Sleep -Milliseconds 5
        }

        # The lock is waited for much longer than that.
        $shell.BeginStop($null, $null).AsyncWaitHandle.WaitOne([timespan]::FromSeconds(15)) | Should -BeTrue

        $shell.InvocationStateInfo.State | Should -Be Stopped
        Test-Untouched $file | Should -BeTrue
        Stop-Helper $holder
        $shell.Dispose()
    }
}

Describe 'New-PgEdgeSession, refused against a user file' {
    BeforeEach {
        $file = New-UserFile
    }

    It 'says the same whatever the reason, which only the audit records' {
        $mallory = "    mallory:`n        username: mallory`n        password_hash: broken`n" +
            "        enabled: true`n        failed_attempts: 0`n"
        Set-UserFile $file ((Get-Text $file) + $mallory)
        $refusals = @(
            @{ Username = 'alice'; Password = $wrong; Reason = 'WrongPassword' }
            @{ Username = 'alice'; Password = [securestring]::new(); Reason = 'WrongPassword' }
            @{ Username = 'alice'; Password = New-Secret ('x' * 5000); Reason = 'WrongPassword' }
            @{ Username = 'nobody'; Password = $right; Reason = 'UnknownUser' }
            @{ Username = 'Alice'; Password = $right; Reason = 'UnknownUser' }
            @{ Username = 'charlie'; Password = New-Secret $Passwords.charlie; Reason = 'AccountDisabled' }
            @{ Username = 'charlie'; Password = $wrong; Reason = 'AccountDisabled' }
            @{ Username = 'mallory'; Password = $right; Reason = 'MalformedHash' }
            @{ Username = 'alice'; Password = $wrong; MaxFailedAttempts = 1; Reason = 'WrongPassword' }
        )

        $shown = foreach ($refusal in $refusals) {
            $parameters = $refusal.Clone()
            $parameters.Remove('Reason')
            $result = Invoke-Script { New-PgEdgeSession @parameters -Path $file -Verbose -Debug }
            $result.Output | Should -BeNullOrEmpty
            $result.Errors | Should -HaveCount 1
            $failure = $result.Errors[0]
            $failure.FullyQualifiedErrorId |
                Should -Be 'AuthenticationFailed,PgEdgeUsers.Commands.NewPgEdgeSessionCommand'
            $failure.CategoryInfo.Category | Should -Be AuthenticationError
            $failure.TargetObject | Should -Be $refusal.Username
            $failure.Exception.InnerException | Should -BeNullOrEmpty
            # The name is what was typed: -Confirm and -WhatIf show it.
            $text = @("$failure") + $result.Verbose + $result.Warnings -join "`n"
            $text.Replace("User '$($refusal.Username)'", 'User')
        }

        $shown | Select-Object -Unique | Should -HaveCount 1
        (Get-PgEdgeAuditEvent -Event SignIn -Path $file).Reason | Should -Be $refusals.Reason
    }

    It 'does not tell the right password if the sessions file is damaged' {
        Set-Content "$file.sessions.json" damaged

        $shown = foreach ($password in $wrong, $right) {
            $result = Invoke-Script {
                New-PgEdgeSession -Username alice -Password $password -MaxFailedAttempts 1 -Path $file -Verbose
            }
            $result.Errors.FullyQualifiedErrorId |
                Should -Be 'SessionFileInvalid,PgEdgeUsers.Commands.NewPgEdgeSessionCommand'
            @("$($result.Errors)") + $result.Verbose + $result.Warnings -join "`n"
        }

        $shown | Select-Object -Unique | Should -HaveCount 1
        Test-Untouched $file | Should -BeTrue
        (Get-PgEdgeAuditEvent alice -Path $file).Reason | Should -Be SessionFileInvalid, SessionFileInvalid
    }

    It 'counts failed attempts and disables the account at -MaxFailedAttempts' {
        $states = 1..3 | ForEach-Object {
            New-PgEdgeSession -Username alice -Password $wrong -MaxFailedAttempts 3 -Path $file -ErrorAction Ignore
            Get-PgEdgeUser alice -Path $file
        }

        $states.Status | Should -Be Enabled, Enabled, Disabled
        $states.FailedAttempts | Should -Be 1, 2, 3
        { New-PgEdgeSession $login -Path $file -ErrorAction Stop } | Should -Throw -ErrorId AuthenticationFailed*
    }

    It 'only counts failed attempts without a limit' {
        1..4 | ForEach-Object { New-PgEdgeSession -Username alice -Password $wrong -Path $file -ErrorAction Ignore }

        $user = Get-PgEdgeUser alice -Path $file
        $user.FailedAttempts | Should -Be 4
        $user.Status | Should -Be Enabled
    }

    It 'gives an account that was enabled again all its attempts' {
        Enable-PgEdgeUser charlie -Path $file
        New-PgEdgeSession -Username charlie -Password $wrong -MaxFailedAttempts 3 -Path $file -ErrorAction Ignore

        (New-PgEdgeSession (New-Login charlie) -MaxFailedAttempts 3 -Path $file).Username | Should -Be charlie
    }

    It 'takes -MaxFailedAttempts rather than the limit of the server' {
        $env:PGEDGE_AUTH_MAX_FAILED_ATTEMPTS_BEFORE_LOCKOUT = 1
        try {
            New-PgEdgeSession -Username alice -Password $wrong -MaxFailedAttempts 2 -Path $file -ErrorAction Ignore
            (Get-PgEdgeUser alice -Path $file).Status | Should -Be Enabled

            New-PgEdgeSession -Username bob -Password $wrong -Path $file -ErrorAction Ignore
            (Get-PgEdgeUser bob -Path $file).Status | Should -Be Disabled
        }
        finally {
            Remove-Item env:PGEDGE_AUTH_MAX_FAILED_ATTEMPTS_BEFORE_LOCKOUT
        }
    }

    It 'does nothing if the limit of the server is not a number, unless -MaxFailedAttempts is given' {
        $env:PGEDGE_AUTH_MAX_FAILED_ATTEMPTS_BEFORE_LOCKOUT = 'five'
        try {
            $failure = (Invoke-Script { New-PgEdgeSession -Username alice -Password $wrong -Path $file }).Errors
            $failure.FullyQualifiedErrorId |
                Should -Be 'InvalidConfiguration,PgEdgeUsers.Commands.NewPgEdgeSessionCommand'
            $failure.CategoryInfo.Category | Should -Be InvalidArgument
            "$failure" | Should -Match PGEDGE_AUTH_MAX_FAILED_ATTEMPTS_BEFORE_LOCKOUT
            Test-Untouched $file | Should -BeTrue

            (New-PgEdgeSession $login -MaxFailedAttempts 5 -Path $file).Username | Should -Be alice
        }
        finally {
            Remove-Item env:PGEDGE_AUTH_MAX_FAILED_ATTEMPTS_BEFORE_LOCKOUT
        }
    }

    It '<Id>: <Command>' -ForEach @(
        @{
            Id = 'UserFileNotFound'; Category = 'ObjectNotFound'
            Command = { New-PgEdgeSession $login -Path ./no.yaml }
        }
        @{
            Id = 'PathWithUri'; Category = 'InvalidArgument'
            Command = { New-PgEdgeSession $login -Uri https://127.0.0.1:1 -Path $file }
        }
        @{
            Id = 'PlainTextPassword'; Category = 'InvalidArgument'
            Command = { New-PgEdgeSession -Username alice -Password 'as plain text' -Path $file }
        }
        @{
            Id = 'ParameterArgumentValidationError'; Category = 'InvalidData'
            Command = { New-PgEdgeSession -Username alice -Password $null -Path $file }
        }
        @{
            Id = 'ParameterArgumentValidationError'; Category = 'InvalidData'
            Command = { New-PgEdgeSession $login -Lifetime 00:00:00 -Path $file }
        }
        @{
            Id = 'ParameterArgumentTransformationError'; Category = 'InvalidData'
            Command = { New-PgEdgeSession $login -Lifetime -1:00 -Path $file }
        }
        @{
            Id = 'ParameterArgumentValidationError'; Category = 'InvalidData'
            Command = { New-PgEdgeSession $login -Lifetime 366d -Path $file }
        }
        @{
            Id = 'ParameterArgumentValidationError'; Category = 'InvalidData'
            Command = { New-PgEdgeSession $login -MaxFailedAttempts -1 -Path $file }
        }
        @{
            Id = 'ParameterArgumentValidationError'; Category = 'InvalidData'
            Command = { New-PgEdgeSession $login -MaxSessions 0 -Path $file }
        }
    ) {
        $result = Invoke-Script $Command

        $result.Output | Should -BeNullOrEmpty
        $result.Errors.FullyQualifiedErrorId | Should -Be "$Id,PgEdgeUsers.Commands.NewPgEdgeSessionCommand"
        $result.Errors.CategoryInfo.Category | Should -Be $Category
        Test-Untouched $file | Should -BeTrue
    }

    It 'reports an empty credential and signs the next one in' {
        $result = Invoke-Script { [pscredential]::Empty, $login | New-PgEdgeSession -Path $file }

        $result.Output.Username | Should -Be alice
        $result.Errors.FullyQualifiedErrorId | Should -Be 'InvalidUsername,PgEdgeUsers.Commands.NewPgEdgeSessionCommand'
        $result.Errors.CategoryInfo.Category | Should -Be InvalidArgument
    }
}

Describe 'New-PgEdgeSession, without a password where nobody can be asked' {
    BeforeEach {
        $file = New-UserFile
    }

    It 'is an error: <_>' -ForEach @(
        "New-PgEdgeSession -Username alice -Path `$file"
        "New-PgEdgeSession -Username alice -Uri https://127.0.0.1:1"
        "Get-PgEdgeUser alice -Path `$file | New-PgEdgeSession"
    ) {
        $shell = New-PowerShell $_ $file

        $shell.Invoke() | Should -BeNullOrEmpty

        $shell.Streams.Error | Should -HaveCount 1
        $failure = $shell.Streams.Error[0]
        $failure.FullyQualifiedErrorId | Should -Be 'PasswordRequired,PgEdgeUsers.Commands.NewPgEdgeSessionCommand'
        $failure.CategoryInfo.Category | Should -Be InvalidArgument
        $failure.TargetObject | Should -Be alice
        Test-Untouched $file | Should -BeTrue
        $shell.Dispose()
    }

    It 'asks for nothing that would go nowhere: <Command>' -ForEach @(
        @{ Command = 'New-PgEdgeSession -Username alice -Path $file -WhatIf'; Id = @() }
        @{ Command = 'New-PgEdgeSession -Uri https://mcp.example.test -WhatIf'; Id = @() }
        @{ Command = 'New-PgEdgeSession -Username alice -Path /no/such.yaml'; Id = 'UserFileNotFound' }
        @{ Command = 'New-PgEdgeSession -Username alice -Uri http://mcp.example.test'; Id = 'InvalidServerUri' }
        @{
            Command = '[pscustomobject]@{ Uri = "http://mcp.example.test" } | New-PgEdgeSession'
            Id = 'InvalidServerUri'
        }
    ) {
        $shell = New-PowerShell "try { $Command } catch { `$_.FullyQualifiedErrorId }" $file

        $ids = @($shell.Invoke()) + $shell.Streams.Error.FullyQualifiedErrorId | Where-Object { $_ }

        $ids -replace ',.*' | Should -Be $Id
        $shell.Dispose()
    }
}

Describe 'New-PgEdgeSession, at a terminal' {
    It 'says where the password goes and asks for what is missing: <Command>' -ForEach @(
        @{ Command = 'New-PgEdgeSession -Username alice -Path $file'; Where = { "against '$file'" } }
        @{ Command = 'Get-PgEdgeUser alice -Path $file | New-PgEdgeSession'; Where = { "against '$file'" } }
        @{ Command = '[pscustomobject]@{ Username = "alice" } | New-PgEdgeSession -Path $file'
            Where = { "against '$file'" } }
        @{ Command = 'New-PgEdgeSession -Username alice -Uri $uri'; Where = { "to $($server.Authority)" } }
        @{ Command = 'New-PgEdgeSession -Uri $uri'; Where = { "to $($server.Authority)" }; Name = 'alice' }
    ) {
        $file = New-UserFile
        $server = Start-TestServer
        $script = "Import-Module '$ModulePath'; `$file, `$uri = '$file', '$($server.Uri)'; ""signed in: `$($Command)"""
        $terminal = Start-Terminal ($ShellCommand + '-NoProfile', '-Command', $script)

        $null = Wait-Terminal $terminal "Signing in $(& $Where)"
        if ($Name) {
            $null = Wait-Terminal $terminal 'User: '
            Send-Key $terminal "$Name`r"
        }
        $null = Wait-Terminal $terminal 'Password for user alice: '
        Send-Key $terminal "$($Passwords.alice)`r"

        Close-Terminal $terminal | Should -Match 'signed in: alice'
        Stop-TestServer $server
    }

    It 'lets PowerShell ask for the credential if nothing is given' {
        $file = New-UserFile
        $command = "Import-Module '$ModulePath'; ""signed in: `$(New-PgEdgeSession -Path '$file')"""
        $terminal = Start-Terminal ($ShellCommand + '-NoProfile', '-Command', $command)

        $null = Wait-Terminal $terminal 'User: '
        Send-Key $terminal "alice`r"
        $null = Wait-Terminal $terminal 'Password for user alice: '
        Send-Key $terminal "$($Passwords.alice)`r"

        Close-Terminal $terminal | Should -Match 'signed in: alice'
    }
}
