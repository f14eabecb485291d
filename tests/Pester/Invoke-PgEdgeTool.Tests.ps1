# Invoke-PgEdgeTool: arguments, results, errors, and a session that signs in again.

BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/server.ps1
    $login = New-Login alice

    # A clock for the expiry of sessions, which can be set forward.
    class TestClock : TimeProvider {
        [timespan] $Ahead
        [DateTimeOffset] GetUtcNow() { return [DateTimeOffset]::UtcNow + $this.Ahead }
    }

    $sessionType = (Get-Command New-PgEdgeSession).OutputType[0].Type
    $clockProperty = $sessionType.GetProperty('Clock', [System.Reflection.BindingFlags] 'Static, NonPublic')

    # Sets the clock of the server and of the module forward.
    function Step-Clock([timespan] $Time) {
        Send-TestServer $server advance "$Time"
        $clock.Ahead += $Time
    }
}

Describe 'Invoke-PgEdgeTool' {
    BeforeAll {
        $server = Start-TestServer
        $session = New-PgEdgeSession $login -Uri $server.Uri
    }

    BeforeEach {
        Send-TestServer $server reset
    }

    AfterAll {
        Stop-TestServer $server
    }

    It 'returns text as it is: <_>' -ForEach @(
        { $session | Invoke-PgEdgeTool query_database -Arguments @{ query = 'select 1' } }
        { Invoke-PgEdgeTool query_database @{ query = 'select 1' } -Session $session }
        { $session | ConvertTo-Deserialized | Invoke-PgEdgeTool query_database @{ query = 'select 1' } }
    ) {
        & $_ | Should -BeExactly "SQL Query:`nselect 1`n`nResults (1 rows):`n?column?`n1"
    }

    It 'returns JSON as objects, one by one' {
        $tables = $session | Invoke-PgEdgeTool list_tables | Where-Object rows -GT 3

        $tables.name | Should -Be orders
        $tables.rows | Should -BeOfType long
    }

    It 'returns <Expected> for the text <Text>' -ForEach @(
        @{
            Text = '{"a":{"b":[1,2.5,1e400,true,null,"2024-01-02T03:04:05Z"]}}'
            Expected = '{"a":{"b":[1,2.5,"Infinity",true,null,"2024-01-02T03:04:05Z"]}}'
        }
        @{ Text = ' [] '; Expected = '' }
        @{ Text = '[[1,2],[3]]'; Expected = '[[1,2],[3]]' }
        @{ Text = '42'; Expected = '"42"' }
        @{ Text = 'null'; Expected = '"null"' }
        @{ Text = '[broken'; Expected = '"[broken"' }
        @{ Text = '{"a":1,"A":2}'; Expected = '"{\"a\":1,\"A\":2}"' }
        @{ Text = '{"":1}'; Expected = '"{\"\":1}"' }
        @{ Text = '["\ud800"]'; Expected = '"[\"\\ud800\"]"' }
    ) {
        Send-TestServer $server tool-result $Text

        $result = @($session | Invoke-PgEdgeTool echo)

        $json = if ($result) {
            ConvertTo-Json ($result.Count -gt 1 ? $result : $result[0]) -Compress -Depth 9
        }
        "$json" | Should -BeExactly $Expected
    }

    It 'sends arguments as JSON: <Expected>' -ForEach @(
        @{ Arguments = @{ a = 1 }; Expected = '{"a":1}' }
        @{
            Arguments = [ordered]@{ z = 1.5; a = -2; d = 0.1d; l = [long]::MaxValue; m = 1.10 }
            Expected = '{"z":1.5,"a":-2,"d":0.1,"l":9223372036854775807,"m":1.1}'
        }
        @{
            Arguments = [ordered]@{ t = $true; f = [switch] $false; n = $null; s = 'Zoë "x" \'; c = [char] 'c' }
            Expected = '{"t":true,"f":false,"n":null,"s":"Zoë \"x\" \\","c":"c"}'
        }
        @{ Arguments = @{ list = 1, 'two', @{ three = @() } }; Expected = '{"list":[1,"two",{"three":[]}]}' }
        @{ Arguments = @{ o = [pscustomobject]@{ b = 1; a = [pscustomobject]@{} } }; Expected = '{"o":{"b":1,"a":{}}}' }
        @{
            Arguments = @{ d = [datetime]::new(2024, 1, 2, 3, 4, 5, [System.DateTimeKind]::Utc); g = [guid]::Empty
            e = [System.DayOfWeek]::Monday }; Expected = $null
        }
        @{ Arguments = @{ 1 = 'one' }; Expected = '{"1":"one"}' }
        @{ Arguments = @{}; Expected = '{}' }
    ) {
        $result = $session | Invoke-PgEdgeTool echo -Arguments $Arguments

        if ($Expected) {
            # The tool returns what it received; a number such as 1.0 is the same in JSON.
            ConvertTo-Json $result -Compress -Depth 9 | Should -BeExactly $Expected
        }
        else {
            $result.d, $result.g, $result.e |
                Should -BeExactly '2024-01-02T03:04:05.0000000Z', '00000000-0000-0000-0000-000000000000', 'Monday'
        }
    }

    It 'refuses arguments that JSON cannot express, before anything is sent: <Problem>' -ForEach @(
        @{ Problem = "'token' is a secret"; Arguments = { @{ token = New-Secret 'tides under a lantern' } } }
        @{ Problem = "'a.b' is a secret"; Arguments = { @{ a = [pscustomobject]@{ b = $login } } } }
        @{ Problem = "'n' is not a finite number"; Arguments = { @{ n = [double]::NaN } } }
        @{ Problem = "'p' has the type Process"; Arguments = { @{ p = Get-Process -Id $PID } } }
        @{ Problem = 'nested too deeply'; Arguments = { $loop = @{}; $loop.loop = $loop; $loop } }
        @{ Problem = "'s' is not valid Unicode"; Arguments = { @{ s = "$([char] 0xD800)" } } }
    ) {
        $given = & $Arguments

        $result = Invoke-Script { $session | Invoke-PgEdgeTool echo -Arguments $given }

        $result.Output | Should -BeNullOrEmpty
        $result.Errors.FullyQualifiedErrorId |
            Should -Be 'InvalidToolArgument,PgEdgeUsers.Commands.InvokePgEdgeToolCommand'
        $result.Errors.CategoryInfo.Category | Should -Be InvalidArgument
        "$($result.Errors)" | Should -Match ([regex]::Escape($Problem))
        Send-TestServer $server requests | Should -BeNullOrEmpty
    }

    It 'reports the error of a tool with its text: <Text>' -ForEach @(
        @{
            Command = { $session | Invoke-PgEdgeTool query_database @{ query = 'selekt' } }; Tool = 'query_database'
            Text = 'ERROR: syntax error (SQLSTATE 42601)'
        }
        @{
            Command = { $session | Invoke-PgEdgeTool query_database }; Tool = 'query_database'
            Text = "Missing or invalid 'query' parameter"
        }
        @{ Command = { $session | Invoke-PgEdgeTool nope }; Tool = 'nope'; Text = 'Tool not found: nope' }
        @{
            Command = { Send-TestServer $server tool-error 'no connection'; $session | Invoke-PgEdgeTool echo }
            Tool = 'echo'; Text = 'no connection'
        }
    ) {
        $result = Invoke-Script $Command

        $result.Output | Should -BeNullOrEmpty
        $result.Errors.FullyQualifiedErrorId | Should -Be 'ToolFailed,PgEdgeUsers.Commands.InvokePgEdgeToolCommand'
        $result.Errors.CategoryInfo.Category | Should -Be InvalidOperation
        $result.Errors.TargetObject | Should -Be $Tool
        "$($result.Errors)" | Should -BeLike "*$Text"
    }

    It 'calls nothing with -WhatIf, but checks the call' {
        $result = Invoke-Script { $session | Invoke-PgEdgeTool echo -WhatIf }
        $result.Output + $result.Errors | Should -BeNullOrEmpty

        $result = Invoke-Script { $session | Invoke-PgEdgeTool echo @{ s = New-Secret x } -WhatIf }
        $result.Errors.FullyQualifiedErrorId | Should -BeLike 'InvalidToolArgument,*'
        Send-TestServer $server requests | Should -BeNullOrEmpty
    }

    It 'never shows the token' {
        $null = New-Secret (ConvertFrom-SecureString $session.Token -AsPlainText)
        $token = ConvertFrom-SecureString $session.Token -AsPlainText

        $results = foreach ($answer in @(
                , @('tool-failure', "unknown token $token"), @('tool-error', "unknown token $token")
                , @('answer', 401, 'text/plain', $token), @('answer', 401, 'application/json', "{""error"":""$token""}")
            )) {
            $arguments = $answer[0] -is [array] ? $answer[0] : $answer
            Send-TestServer $server @arguments
            Invoke-Script { $session | Invoke-PgEdgeTool echo -Verbose -Debug }
        }

        $results.Errors | Should -HaveCount 4
        $results.Errors.ForEach({ "$_" }) | Should -BeLike '*cannot be shown*'
    }

    It 'is stopped by Ctrl+C while it waits for the result' {
        Send-TestServer $server never
        $shell = New-PowerShell '$args[0] | Invoke-PgEdgeTool echo -TimeoutSec 3600'
        $running = $shell.AddArgument($session).BeginInvoke()
        while (-not (Send-TestServer $server requests) -and -not $running.IsCompleted) { }

        $shell.BeginStop($null, $null).AsyncWaitHandle.WaitOne([timespan]::FromSeconds(15)) | Should -BeTrue

        $shell.InvocationStateInfo.State | Should -Be Stopped
        $shell.Dispose()
    }
}

Describe 'A session on a server of <Generation>' -ForEach @(
    @{ Generation = 'December2025' }
    @{ Generation = 'August2026' }
) {
    BeforeEach {
        $server = Start-TestServer $Generation
        $clock = [TestClock]::new()
        $clockProperty.SetValue($null, $clock)
        $session = New-PgEdgeSession $login -Uri $server.Uri
        Send-TestServer $server reset
    }

    AfterEach {
        $clockProperty.SetValue($null, [TimeProvider]::System)
        Stop-TestServer $server
    }

    It 'knows how much time is left, also in a copy from another process' {
        foreach ($each in $session, ($session | ConvertTo-Deserialized)) {
            $each.ExpiresIn | Should -BeGreaterThan ([timespan]::FromHours(23.9))
            $each.ExpiresIn | Should -BeLessOrEqual ([timespan]::FromHours(24))
        }
        Step-Clock 23:30:00
        $session.ExpiresIn | Should -BeLessOrEqual ([timespan]::FromHours(0.5))
        $session.IsExpired | Should -BeFalse

        Step-Clock 00:30:01
        $session.ExpiresIn | Should -Be ([timespan]::Zero)
        $session.IsExpired | Should -BeTrue
    }

    It 'warns once if less than an hour is left, unless it can sign in again' {
        (Invoke-Script { $session | Invoke-PgEdgeTool echo }).Warnings | Should -BeNullOrEmpty
        Step-Clock 23:29:30 # so that not exactly half an hour is left

        $warnings = (Invoke-Script { $session, $session | Invoke-PgEdgeTool echo }).Warnings
        $warnings | Should -HaveCount 1
        $warnings | Should -BeLike "The session on $($server.Authority) expires in 31 min.*"
        (Invoke-Script { $session | Get-PgEdgeTool }).Warnings | Should -HaveCount 1
        (Invoke-Script { $session | Invoke-PgEdgeTool echo -Credential $login }).Warnings | Should -BeNullOrEmpty
    }

    It 'that has expired is an error before anything is sent' {
        Step-Clock 1.00:00:01

        $result = Invoke-Script { $session | Invoke-PgEdgeTool echo }

        $result.Output | Should -BeNullOrEmpty
        $result.Errors.FullyQualifiedErrorId | Should -Be 'SessionExpired,PgEdgeUsers.Commands.InvokePgEdgeToolCommand'
        $result.Errors.CategoryInfo.Category | Should -Be AuthenticationError
        (Invoke-Script { $session | Invoke-PgEdgeTool echo -WhatIf }).Errors | Should -HaveCount 1
        Send-TestServer $server requests | Should -BeNullOrEmpty
    }

    It 'that has expired signs in again with -Credential, once, and goes on with the new token' {
        Step-Clock 1.00:00:01

        $session | Invoke-PgEdgeTool echo @{ a = 1 } -Credential $login | ForEach-Object a | Should -Be 1
        Send-TestServer $server requests | Should -Be 'POST /mcp/v1', 'POST /mcp/v1'

        $session.ExpiresIn | Should -BeGreaterThan ([timespan]::FromHours(23.9))
        $session | Invoke-PgEdgeTool echo @{ a = 2 } | ForEach-Object a | Should -Be 2
        Send-TestServer $server requests | Should -HaveCount 3
    }

    It 'that the server does not accept any more is an error, or signs in again with -Credential' {
        Send-TestServer $server end-session alice

        $result = Invoke-Script { $session | Invoke-PgEdgeTool echo }
        $result.Errors.FullyQualifiedErrorId | Should -Be 'SessionRefused,PgEdgeUsers.Commands.InvokePgEdgeToolCommand'
        $result.Errors.CategoryInfo.Category | Should -Be AuthenticationError
        "$($result.Errors)" | Should -Match "\('Invalid or unknown token'\)"

        Send-TestServer $server reset
        $session | Invoke-PgEdgeTool echo @{ a = 1 } -Credential $login | ForEach-Object a | Should -Be 1
        Send-TestServer $server requests | Should -HaveCount 3
    }

    It 'of a disabled user is refused, and cannot sign in again' {
        Send-TestServer $server disabled-user alice $Passwords.alice

        (Invoke-Script { $session | Invoke-PgEdgeTool echo }).Failures |
            Should -Be "SessionRefused: $($server.Authority)"
        (Invoke-Script { $session | Invoke-PgEdgeTool echo -Credential $login }).Failures |
            Should -Be "AuthenticationFailed: $($server.Authority)"
    }

    It 'signs in again only once if the server does not accept the new token either' {
        Send-TestServer $server answer 401 text/plain no
        (Invoke-Script { $session | Invoke-PgEdgeTool echo -Credential $login }).Errors | Should -HaveCount 1
        Send-TestServer $server requests | Should -HaveCount 2
    }

    It 'is renewed by New-PgEdgeSession at the same server: <_>' -ForEach @(
        { $session | New-PgEdgeSession -Credential $login }
        { $session | ConvertTo-Deserialized | New-PgEdgeSession -Credential $login }
        { Step-Clock 1.00:00:01; $session | New-PgEdgeSession $login }
    ) {
        $new = & $_

        $new.Uri | Should -Be $session.Uri
        $new.ExpiresIn | Should -BeGreaterThan ([timespan]::FromHours(23.9))
        $session, $new | Test-PgEdgeSession | Should -Be $false, $true
    }

    It 'records that it has signed in again in the audit file of the environment' {
        $env:PGEDGE_AUTH_AUDIT_FILE = Join-Path $TestDrive "$([guid]::NewGuid()).jsonl"
        try {
            Step-Clock 1.00:00:01
            $null = $session | Invoke-PgEdgeTool echo -Credential $login

            $entry = Get-PgEdgeAuditEvent -AuditPath $env:PGEDGE_AUTH_AUDIT_FILE
            "$($entry.Event) $($entry.Username) $($entry.Success) $($entry.Target)" |
                Should -Be "SignIn alice True $($server.Authority)"
        }
        finally {
            Remove-Item env:PGEDGE_AUTH_AUDIT_FILE
        }
    }

    It 'is opened only if needed in the translation of the Python example of the pgEdge documentation' {
        $guide = (Get-Content $PSScriptRoot/../../docs/admin-guide.md -Raw).ReplaceLineEndings("`n")
        $example = [regex]::Match($guide, '(?ms)^# Good: check the expiry.*?(?=^```$)').Value
        $run = {
            param($server, $session)
            $credential = $login
            . ([scriptblock]::Create($example)) | Should -Match 'Results \(1 rows\)'
            $session
        }

        $first = & $run $server.Uri $null
        $second = & $run $server.Uri $first
        Step-Clock 1.00:00:01
        $third = & $run $server.Uri $second

        $second.Id | Should -Be $first.Id
        $third.Id | Should -Not -Be $first.Id
        $first, $third | Test-PgEdgeSession | Should -Be $false, $true
    }

    It 'lets the runbook of the guide run for longer than 24 hours' {
        $guide = (Get-Content $PSScriptRoot/../../docs/admin-guide.md -Raw).ReplaceLineEndings("`n")
        $runbook = [regex]::Match($guide, '(?ms)^```powershell runbook\n(.*?)^```$').Groups[1].Value
        $runbook | Should -Match 'Start-Sleep'
        $credential = $login
        $runs = [System.Collections.Generic.List[timespan]]::new()
        $played = $server
        function Start-Sleep([int] $Seconds) {
            $runs.Add($clock.Ahead)
            if ($runs.Count -eq 60) { throw 'The test ends the runbook.' }
            $server = $played
            Step-Clock ([timespan]::FromSeconds($Seconds))
        }

        $result = Invoke-Script { & { param($server) & ([scriptblock]::Create($runbook)) } $server.Uri }

        $result.Errors | Should -HaveCount 1
        "$($result.Errors)" | Should -Be 'The test ends the runbook.'
        $runs[-1] | Should -BeGreaterThan ([timespan]::FromHours(48))
        $result.Output | Should -Not -BeNullOrEmpty
    }
}
