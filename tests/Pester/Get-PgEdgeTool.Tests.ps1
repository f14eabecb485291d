# Get-PgEdgeTool: the tools that a server offers, and which sessions may ask for them.

BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/server.ps1
    $login = New-Login alice
}

Describe 'Get-PgEdgeTool, at a server of <_>' -ForEach December2025, August2026 {
    BeforeAll {
        $server = Start-TestServer $_
        $session = New-PgEdgeSession $login -Uri $server.Uri
    }

    BeforeEach {
        Send-TestServer $server reset
    }

    AfterAll {
        Stop-TestServer $server
    }

    It 'lists the tools with their arguments' {
        $tools = $session | Get-PgEdgeTool

        $tools.Name | Should -Be query_database, list_tables, echo
        $tools[0].Arguments | Should -Be query, limit
        $tools[0].RequiredArguments | Should -Be query
        $tools[0].Description | Should -BeLike 'Execute a SQL query.*'
        ($tools[0].InputSchema | ConvertFrom-Json).properties.limit.type | Should -Be integer
        "$($tools[2])" | Should -Be echo
    }

    It 'selects tools by name: <Command>' -ForEach @(
        @{ Command = { $session | Get-PgEdgeTool query_database }; Names = 'query_database' }
        @{
            Command = { Get-PgEdgeTool -Session $session -Name *_*, ECHO }
            Names = 'query_database', 'list_tables', 'echo'
        }
        @{ Command = { $session | ConvertTo-Deserialized | Get-PgEdgeTool e* }; Names = 'echo' }
        @{
            Command = { [pscustomobject]@{ Token = $session.Token; Uri = $server.Uri } | Get-PgEdgeTool e* }
            Names = 'echo'
        }
        @{ Command = { $session | Get-PgEdgeTool zz* }; Names = @() }
    ) {
        $result = Invoke-Script $Command

        $result.Output.Name | Should -Be $Names
        $result.Errors | Should -BeNullOrEmpty
        Send-TestServer $server requests | Should -Be 'POST /mcp/v1'
    }

    It 'reports a name that no tool has and goes on' {
        $result = Invoke-Script { $session | Get-PgEdgeTool nope, echo }

        $result.Output.Name | Should -Be echo
        $result.Failures | Should -Be 'ToolNotFound: nope'
        $result.Errors.CategoryInfo.Category | Should -Be ObjectNotFound
    }

    It 'shows tools as a table and a tool as a list, with control characters made visible' {
        $tool = @{
            name = "to`e[31mol"
            description = "Does`e[0m it.`nIn detail."
            inputSchema = @{ properties = [ordered] @{ a = @{}; b = @{} }; required = , 'a' }
        }
        Send-TestServer $server answer 200 application/json (ConvertTo-Json @{ result = @{ tools = , $tool } } -Depth 9)
        $shown = $session | Get-PgEdgeTool

        foreach ($tools in $shown, ($shown | ConvertTo-Deserialized)) {
            $tools | Get-Screen | Should -BeExactly @(
                'Name          Arguments Description'
                '----          --------- -----------'
                'to\u{1B}[31mol a [b]     Does\u{1B}[0m it.'
            ).Replace('Name          A', 'Name           A').Replace('----          -', '----           -')
            $tools | Format-List | Get-Screen | Select-Object -First 4 | Should -BeExactly @(
                'Name        : to\u{1B}[31mol'
                'Arguments   : a [b]'
                'Description : Does\u{1B}[0m it.'
                '              In detail.'
            )
        }
    }
}

Describe 'Get-PgEdgeTool, with a session that cannot be used' {
    BeforeAll {
        $server = Start-TestServer
    }

    BeforeEach {
        Send-TestServer $server reset
        $session = New-PgEdgeSession $login -Uri $server.Uri
        Send-TestServer $server reset
    }

    AfterAll {
        Stop-TestServer $server
    }

    It '<Id>, before anything is sent: <Command>' -ForEach @(
        @{ Id = 'NotAServerSession'; Command = { New-PgEdgeSession $login -Path (New-UserFile) | Get-PgEdgeTool } }
        @{ Id = 'NotAServerSession'; Command = { 'text' | Get-PgEdgeTool } }
        @{ Id = 'NotAServerSession'; Command = { $session.Token | Get-PgEdgeTool } }
        @{
            Id = 'NotAServerSession'
            Command = { [pscustomobject]@{ Uri = $server.Uri; Token = 'a-token-as-plain-text' } | Get-PgEdgeTool }
        }
        @{ Id = 'CredentialOfAnotherUser'; Command = { $session | Get-PgEdgeTool -Credential (New-Login bob) } }
        @{ Id = 'CredentialOfAnotherUser'; Command = { $session | Get-PgEdgeTool -Credential ([pscredential]::Empty) } }
        @{
            Id = 'InvalidServerUri'
            Command = { [pscustomobject]@{ Uri = 'http://example.test'; Token = $session.Token } | Get-PgEdgeTool }
        }
        @{
            Id = 'InvalidServerUri'
            Command = { [pscustomobject]@{ Uri = 'mcp.example.test:8080'; Token = $session.Token } | Get-PgEdgeTool }
        }
        @{
            Id = 'SessionExpired'
            Command = { $session | Remove-PgEdgeSession -WarningAction Ignore; $session | Get-PgEdgeTool }
        }
        @{
            Id = 'SessionExpired'
            Command = {
                $expiry = [datetime]::Now.AddSeconds(-1)
                [pscustomobject]@{ Uri = $server.Uri; Token = $session.Token; ExpiresAt = $expiry } | Get-PgEdgeTool
            }
        }
        @{
            Id = 'SessionRefused'
            Command = { [pscustomobject]@{ Uri = $server.Uri; Token = New-Secret "line`nbreak" } | Get-PgEdgeTool }
        }
    ) {
        $null = New-Secret 'a-token-as-plain-text'

        $result = Invoke-Script $Command

        $result.Output | Should -BeNullOrEmpty
        $result.Errors.FullyQualifiedErrorId | Should -Be "$Id,PgEdgeUsers.Commands.GetPgEdgeToolCommand"
        $result.Errors.CategoryInfo.Category |
            Should -Be ($Id -like 'Session*' ? 'AuthenticationError' : 'InvalidArgument')
        Send-TestServer $server requests | Should -BeNullOrEmpty
    }

    It 'fails for a server that answers something else: <Answer>' -ForEach @(
        @{ Id = 'ServerResponseInvalid'; Answer = 'answer', 200, 'text/html', '<html>' }
        @{ Id = 'ServerResponseInvalid'; Answer = 'tool-error', 'Method not found' }
        @{ Id = 'ServerUnreachable'; Answer = 'raw', '' }
        @{ Id = 'ServerTimeout'; Answer = , 'never' }
    ) {
        Send-TestServer $server @Answer

        $result = Invoke-Script { $session | Get-PgEdgeTool -TimeoutSec 1 -Verbose -Debug }

        $result.Errors.FullyQualifiedErrorId | Should -Be "$Id,PgEdgeUsers.Commands.GetPgEdgeToolCommand"
        $result.Errors.TargetObject | Should -Be $server.Authority
    }

    It 'rejects a certificate that is not trusted, unless -SkipCertificateCheck is given' {
        $https = Start-TestServer -Certificate Good
        $encrypted = New-PgEdgeSession $login -Uri $https.Uri -SkipCertificateCheck
        Send-TestServer $https reset

        (Invoke-Script { $encrypted | Get-PgEdgeTool }).Errors.FullyQualifiedErrorId |
            Should -BeLike 'ServerCertificateInvalid,*'
        Send-TestServer $https requests | Should -BeNullOrEmpty
        ($encrypted | Get-PgEdgeTool -SkipCertificateCheck).Name | Should -Contain echo
        Stop-TestServer $https
    }

    It 'sends a token over plain HTTP to another machine only with -AllowUnencryptedAuthentication' {
        $elsewhere = [pscustomobject]@{ Uri = 'http://no-such-host.invalid'; Token = $session.Token }

        (Invoke-Script { $elsewhere | Get-PgEdgeTool -AllowUnencryptedAuthentication }).Errors.FullyQualifiedErrorId |
            Should -BeLike 'ServerUnreachable,*'
    }
}

Describe 'Completion of tools' {
    BeforeAll {
        $server = Start-TestServer
        $session = New-PgEdgeSession $login -Uri $server.Uri
        $expiry = [datetime]::Now.AddDays(-1)
        $expired = [pscustomobject]@{ Uri = $server.Uri; Token = $session.Token; ExpiresAt = $expiry }
        $local = New-PgEdgeSession $login -Path (New-UserFile)

        function Get-Completion([string] $Line) {
            (TabExpansion2 $Line $Line.Length).CompletionMatches
        }
    }

    BeforeEach {
        Send-TestServer $server reset
    }

    AfterAll {
        Stop-TestServer $server
    }

    It 'offers names and arguments of the server: <Line>' -ForEach @(
        @{ Line = '$session | Invoke-PgEdgeTool '; Completions = 'query_database', 'list_tables', 'echo' }
        @{ Line = '$session | Get-PgEdgeTool Q'; Completions = 'query_database' }
        @{ Line = 'Invoke-PgEdgeTool -Session $session -Name li'; Completions = 'list_tables' }
        @{
            Line = '$session | Invoke-PgEdgeTool query_database -Arguments '
            Completions = "@{ query = '' }", "@{ query = ''; limit = '' }"
        }
        @{
            Line = '$session | Invoke-PgEdgeTool query_database @'
            Completions = "@{ query = '' }", "@{ query = ''; limit = '' }"
        }
        @{ Line = '$session | Invoke-PgEdgeTool echo -Arguments @'; Completions = "@{ text = ''; 'odd-name' = '' }" }
    ) {
        (Get-Completion $Line).CompletionText | Should -BeExactly $Completions
    }

    It 'shows the first line of the description as the tool tip' {
        (Get-Completion 'Get-PgEdgeTool -Session $session ').ToolTip |
            Should -BeExactly 'Execute a SQL query.', 'Lists tables, as JSON.', 'Returns its arguments, as JSON.'
    }

    It 'sends nothing and offers nothing without a usable session: <_>' -ForEach @(
        'Invoke-PgEdgeTool q', '$noSuchVariable | Invoke-PgEdgeTool q', '$expired | Invoke-PgEdgeTool q',
        '$local | Invoke-PgEdgeTool q'
        'New-PgEdgeSession -Uri $server.Uri | Invoke-PgEdgeTool q', '$session | Invoke-PgEdgeTool -Arguments @'
    ) {
        @((Get-Completion $_).CompletionText) -match 'query' | Should -BeNullOrEmpty
        if ($_ -notmatch '-Arguments') {
            Send-TestServer $server requests | Should -BeNullOrEmpty
        }
    }

    It 'offers nothing if the server answers <_>' -ForEach 'never', 'nothing', 'something else' {
        $answers = @{
            never = , 'never'
            nothing = 'raw', ''
            'something else' = 'answer', 401, 'text/plain', 'Unauthorized'
        }
        $answer = $answers[$_]
        Send-TestServer $server @answer

        @((Get-Completion '$session | Invoke-PgEdgeTool q').CompletionText) -match 'query' | Should -BeNullOrEmpty
    }
}
