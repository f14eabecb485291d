# Remove-PgEdgeSession: log-out.

BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/server.ps1
    $alice = New-Login alice
    $bob = New-Login bob
}

Describe 'Remove-PgEdgeSession' {
    BeforeEach {
        $file = New-UserFile
        $session = New-PgEdgeSession $alice -Path $file
        $other = New-PgEdgeSession $bob -Path $file
    }

    It 'ends only the session that is meant, and none with -WhatIf: <_>' -ForEach @(
        { $session | Remove-PgEdgeSession }
        { Remove-PgEdgeSession $session }
        { Remove-PgEdgeSession -Token $session.Token -Path $file }
        { Remove-PgEdgeSession -Id $session.Id -Path $file }
        { $session.Token | Remove-PgEdgeSession -Path $file }
        { Get-PgEdgeSession alice -Path $file | Remove-PgEdgeSession }
        { Remove-PgEdgeSession -Username alice -Path $file }
        { Remove-PgEdgeSession -Username A*, z* -Path $file }
        { Get-PgEdgeUser alice -Path $file | Remove-PgEdgeSession }
        { 'alice' | Remove-PgEdgeSession -Path $file }
        { $session | ConvertTo-Deserialized | Remove-PgEdgeSession }
        { $session, $session | Remove-PgEdgeSession }
    ) {
        $command = $_

        & { $WhatIfPreference = $true; & $command }
        $session, $other | Test-PgEdgeSession | Should -Be $true, $true

        & $command
        $session, $other | Test-PgEdgeSession | Should -Be $false, $true
        Get-PgEdgeAuditEvent -Event SessionEnded -Path $file | ForEach-Object { "$($_.Username) $($_.Reason)" } |
            Should -Be 'alice log-out'
    }

    It 'ends all sessions with -All' {
        Remove-PgEdgeSession -All -Path $file

        $session, $other | Test-PgEdgeSession | Should -Be $false, $false
        Get-PgEdgeSession -Path $file | Should -BeNullOrEmpty
    }

    It 'ends the sessions of one pipeline together and records each' {
        1..4 | ForEach-Object { $null = New-PgEdgeSession $alice -Path $file }
        $before = (Get-PgEdgeAuditEvent -Path $file).Count

        Get-PgEdgeSession -Path $file | Remove-PgEdgeSession

        Get-PgEdgeSession -Path $file | Should -BeNullOrEmpty
        (Get-PgEdgeAuditEvent -Path $file).Count | Should -Be ($before + 6)
    }

    It 'reports a session that has ended: <Command>' -ForEach @(
        @{ Command = { $session | Remove-PgEdgeSession }; Id = 'SessionNotFound'; Target = { $session.Id } }
        @{
            Command = { Remove-PgEdgeSession -Id 01234567 -Path $file }; Id = 'SessionNotFound'
            Target = { '01234567' }
        }
        @{ Command = { Remove-PgEdgeSession -Token $session.Token -Path $file }; Id = 'SessionNotFound'; Target = { } }
        @{ Command = { Remove-PgEdgeSession -Username Alice -Path $file }; Id = 'UserNotFound'; Target = { 'Alice' } }
        @{ Command = { Remove-PgEdgeSession -Username nobody -Path $file }; Id = 'UserNotFound'; Target = { 'nobody' } }
    ) {
        $session | Remove-PgEdgeSession

        $result = Invoke-Script $Command

        $result.Errors.FullyQualifiedErrorId | Should -Be "$Id,PgEdgeUsers.Commands.RemovePgEdgeSessionCommand"
        $result.Errors.CategoryInfo.Category | Should -Be ObjectNotFound
        $result.Errors.TargetObject | Should -Be (& $Target)
        $other | Test-PgEdgeSession | Should -Be $true
    }

    It 'reports nothing for a user without sessions' {
        $session | Remove-PgEdgeSession

        (Invoke-Script { Remove-PgEdgeSession -Username alice, z* -Path $file }).Errors | Should -BeNullOrEmpty
    }

    It 'is an error for what is not a session, and does not repeat it: <_>' -ForEach @(
        { 'a-token-as-plain-text' | Remove-PgEdgeSession -Path $file }
        { [pscustomobject]@{ Token = 'a-token-as-plain-text' } | Remove-PgEdgeSession -Path $file }
        { Remove-PgEdgeSession -Token ([securestring]::new()) -Path $file }
    ) {
        $null = New-Secret 'a-token-as-plain-text'

        $failure = (Invoke-Script $_).Errors

        $failure.FullyQualifiedErrorId | Should -Be 'NotASession,PgEdgeUsers.Commands.RemovePgEdgeSessionCommand'
        $failure.CategoryInfo.Category | Should -Be InvalidArgument
        $failure.TargetObject | Should -BeNullOrEmpty
    }

    It 'fails if there is no user file: <_>' -ForEach @(
        { Remove-PgEdgeSession -All -Path $TestDrive/no.yaml }
        { Remove-PgEdgeSession -Id 01234567 -Path $TestDrive/no.yaml }
    ) {
        $failure = (Invoke-Script $_).Errors

        $failure.FullyQualifiedErrorId | Should -Be 'UserFileNotFound,PgEdgeUsers.Commands.RemovePgEdgeSessionCommand'
        $failure.CategoryInfo.Category | Should -Be ObjectNotFound
    }

    It 'fails if the sessions file is damaged, says what to do, and leaves it alone' {
        Set-Content "$file.sessions.json" '{"version":1,"sess'

        $failure = (Invoke-Script { Remove-PgEdgeSession $session }).Errors

        $failure.FullyQualifiedErrorId | Should -Be 'SessionFileInvalid,PgEdgeUsers.Commands.RemovePgEdgeSessionCommand'
        $failure.CategoryInfo.Category | Should -Be InvalidData
        "$failure" | Should -Match 'Remove it'
        Get-Content "$file.sessions.json" | Should -Be '{"version":1,"sess'
    }
}

Describe 'Remove-PgEdgeSession, of a session on a server' {
    It 'forgets the token and warns that the server keeps the session' {
        $server = Start-TestServer
        $session = New-PgEdgeSession $alice -Uri $server.Uri
        $copy = $session | ConvertTo-Deserialized

        $session | Remove-PgEdgeSession -WhatIf
        $session | Test-PgEdgeSession | Should -Be $true
        $result = Invoke-Script { $session | Remove-PgEdgeSession }

        $result.Warnings | Should -Match 'the server has no log-out'
        $session | Test-PgEdgeSession | Should -Be $false
        $copy | Test-PgEdgeSession | Should -Be $true
        Stop-TestServer $server
    }
}
