# Get-PgEdgeAuditEvent.

BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe 'Get-PgEdgeAuditEvent' {
    BeforeEach {
        $file = New-UserFile
        $audit = "$file.audit.jsonl"
    }

    It 'tells when, what, who, by whom, in which process and where' {
        Disable-PgEdgeUser alice -Path $file

        $recorded = Get-PgEdgeAuditEvent -Path $file

        "$recorded" | Should -Be 'UserDisabled alice'
        $recorded.Event, $recorded.Username, $recorded.Success, $recorded.Reason, $recorded.Target |
            Should -Be UserDisabled, alice, $true, '', $file
        $recorded.Actor | Should -Match ([regex]::Escape([Environment]::UserName))
        $recorded.Process | Should -Match " $PID$"
        $recorded.Time.Kind | Should -Be Local
        $recorded.Time | Should -BeGreaterThan ([datetime]::Now.AddMinutes(-1))
        $recorded.Time | Should -BeLessOrEqual ([datetime]::Now)
    }

    It 'selects by user, kind and time: <Command>' -ForEach @(
        @{ Command = { Get-PgEdgeAuditEvent alice -Path $file }; Count = 2 }
        @{ Command = { Get-PgEdgeAuditEvent Alice -Path $file }; Count = 0 }
        @{ Command = { Get-PgEdgeAuditEvent AL* -Path $file }; Count = 2 }
        @{ Command = { Get-PgEdgeAuditEvent '[' -Path $file }; Count = 0 }
        @{ Command = { 'alice', 'bob' | Get-PgEdgeAuditEvent -Path $file }; Count = 3 }
        @{ Command = { Get-PgEdgeUser b* -Path $file | Get-PgEdgeAuditEvent }; Count = 1 }
        @{ Command = { Get-PgEdgeAuditEvent -Event UserDisabled -Path $file }; Count = 2 }
        @{ Command = { Get-PgEdgeAuditEvent -Event userenabled, UserDisabled -Path $file }; Count = 3 }
        @{ Command = { Get-PgEdgeAuditEvent alice -Event UserEnabled -Path $file }; Count = 1 }
        @{ Command = { Get-PgEdgeAuditEvent -After ([datetime]::Now.AddMinutes(-5)) -Path $file }; Count = 3 }
        @{ Command = { Get-PgEdgeAuditEvent -After ([datetime]::Now.AddMinutes(5)) -Path $file }; Count = 0 }
        @{
            Command = { Get-PgEdgeAuditEvent -After $utc.AddMinutes(-5) -Before $utc.AddMinutes(5) -Path $file }
            Count = 3
        }
        @{ Command = { Get-PgEdgeAuditEvent -Before ([datetime]::Now.AddMinutes(-5)) -Path $file }; Count = 0 }
        @{ Command = { Get-PgEdgeAuditEvent -Before 2001-01-01 -Path $file }; Count = 0 }
        @{ Command = { Get-PgEdgeAuditEvent -AuditPath $audit -Path $file }; Count = 3 }
        @{ Command = { Get-PgEdgeAuditEvent -AuditPath $audit -Path $TestDrive/no.yaml }; Count = 0 }
        @{ Command = { Get-PgEdgeAuditEvent -Path $TestDrive/no.yaml }; Count = 0 }
    ) {
        Disable-PgEdgeUser alice, bob -Path $file
        Enable-PgEdgeUser alice -Path $file
        $utc = [datetime]::UtcNow

        $result = Invoke-Script $Command

        $result.Errors | Should -BeNullOrEmpty
        $result.Output | Should -HaveCount $Count
    }

    It 'includes the time of -After, and not that of -Before' {
        Disable-PgEdgeUser alice -Path $file
        $time = (Get-PgEdgeAuditEvent -Path $file).Time

        Get-PgEdgeAuditEvent -After $time -Path $file | Should -HaveCount 1
        Get-PgEdgeAuditEvent -Before $time -Path $file | Should -BeNullOrEmpty
    }

    It 'rejects an unknown kind of event' {
        $failure = (Invoke-Script { Get-PgEdgeAuditEvent -Event Breakfast -Path $file }).Errors

        $failure.FullyQualifiedErrorId |
            Should -Be 'ParameterArgumentValidationError,PgEdgeUsers.Commands.GetPgEdgeAuditEventCommand'
        $failure.CategoryInfo.Category | Should -Be InvalidData
    }

    It 'returns the events of all input once, in the order in which they were recorded' {
        Disable-PgEdgeUser alice, bob -Path $file

        ('bob', 'alice', 'b*' | Get-PgEdgeAuditEvent -Path $file).Username | Should -Be alice, bob
    }

    It 'returns only the events of the user file if several share an audit file' {
        $second = New-UserFile
        $shared = Join-Path $TestDrive "$([guid]::NewGuid()).jsonl"
        Disable-PgEdgeUser alice -AuditPath $shared -Path $file
        Disable-PgEdgeUser bob -AuditPath $shared -Path $second

        (Get-PgEdgeAuditEvent -AuditPath $shared -Path $second).Username | Should -Be bob
        (Get-PgEdgeUser -Path $second | Get-PgEdgeAuditEvent -AuditPath $shared).Username | Should -Be bob
    }

    It 'returns the events of each user file once if they share the audit file of one of them' {
        $second = New-UserFile
        $env:PGEDGE_AUTH_AUDIT_FILE = $audit
        try {
            Disable-PgEdgeUser alice -Path $file
            Disable-PgEdgeUser bob -Path $second

            (Get-PgEdgeAuditEvent -Path $file).Username | Should -Be alice
            $files = $file, $second, $file | Get-Item
            ($files | Get-PgEdgeAuditEvent).Username | Should -Be alice, bob
            (Get-PgEdgeUser -Path $file | Get-PgEdgeAuditEvent).Username | Should -Be alice
        }
        finally {
            Remove-Item env:PGEDGE_AUTH_AUDIT_FILE
        }
    }

    It 'returns the events of a user file once if it is piped under its own name and that of a link' -Skip:$IsWindows {
        $link = Join-Path $TestDrive "$([guid]::NewGuid()).yaml"
        $null = New-Item $link -ItemType SymbolicLink -Target $file
        Disable-PgEdgeUser alice -Path $file
        Disable-PgEdgeUser bob -Path $link

        (Get-Item $file, $link | Get-PgEdgeAuditEvent).Username | Should -Be alice, bob
        (Get-PgEdgeAuditEvent -Path $file).Username | Should -Be alice, bob
    }

    It 'warns once that there is no audit file, but not if there is one without such an event' {
        (Invoke-Script { 'alice', 'bob' | Get-PgEdgeAuditEvent -Path $file }).Warnings |
            Should -Be "The audit file '$audit' does not exist: nothing has been recorded there."

        Set-PgEdgeUser alice -Annotation Lead -Path $file
        (Invoke-Script { Get-PgEdgeAuditEvent bob -Path $file }).Warnings | Should -BeNullOrEmpty

        [System.IO.File]::WriteAllText($audit, '')
        (Invoke-Script { Get-PgEdgeAuditEvent -Path $file }).Warnings | Should -BeNullOrEmpty
    }

    It 'fails if the audit file cannot be read' {
        $null = New-Item $audit -ItemType Directory

        $failure = (Invoke-Script { Get-PgEdgeAuditEvent -Path $file }).Errors

        $failure.FullyQualifiedErrorId | Should -Be 'AuditFailed,PgEdgeUsers.Commands.GetPgEdgeAuditEventCommand'
        $failure.CategoryInfo.Category | Should -Be WriteError
        "$failure" | Should -Match ([regex]::Escape("The audit file '$audit' cannot be read: "))
    }
}
